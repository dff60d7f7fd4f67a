package dev.rookery.policy;

/** Under which a call is made. */
public record Circumstances(boolean attended, Taint taint) {}
