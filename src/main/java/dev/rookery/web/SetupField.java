package dev.rookery.web;

import org.jspecify.annotations.Nullable;

/**
 * One field of the set-up form.
 *
 * @param type of the HTML input
 * @param wrong what is wrong with the value, or null
 */
record SetupField(
    String name,
    String label,
    String type,
    String autocomplete,
    String hint,
    String value,
    @Nullable String wrong) {}
