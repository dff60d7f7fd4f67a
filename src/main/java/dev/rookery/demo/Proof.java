package dev.rookery.demo;

import org.jspecify.annotations.Nullable;

/**
 * One line of the result.
 *
 * @param key in snake_case, for programs
 * @param what for people
 * @param expected null when any number is fine
 * @param detail what belongs to it, or which ones deviate; may be empty
 */
record Proof(String key, String what, @Nullable Long expected, long got, String detail) {
  boolean holds() {
    return expected == null || expected == got;
  }
}
