package dev.rookery.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * How a step ended, as recorded in the agent's home.
 *
 * @param why a word such as {@code timeout} when Rookery ended it; null when it ended by itself
 * @param output the end of what it wrote; the last of it may be missing when the server was killed
 */
public record Recorded(int code, @Nullable String why, Tail output) {}
