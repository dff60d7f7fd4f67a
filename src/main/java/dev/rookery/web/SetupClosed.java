package dev.rookery.web;

import org.jspecify.annotations.Nullable;

/** The set-up page when the link cannot be used: why, and what to do instead. */
record SetupClosed(Frame frame, String why, String what, @Nullable String command) {}
