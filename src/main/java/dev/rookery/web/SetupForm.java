package dev.rookery.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of the set-up page.
 *
 * @param problem one sentence about the whole form, or null
 */
record SetupForm(Frame frame, String csrf, List<SetupField> fields, @Nullable String problem) {}
