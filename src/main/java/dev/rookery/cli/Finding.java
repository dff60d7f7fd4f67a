package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.Locale;

/**
 * What the doctor found about one thing.
 *
 * @param next what to do; empty when all is well
 */
record Finding(String check, Level level, String what, String next) {
  /** How bad it is. Only FAIL makes the exit code 1. */
  enum Level {
    OK,
    INFO,
    WARN,
    FAIL;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String what) {
    return new Finding(check, Level.OK, what, "");
  }

  static Finding info(String check, String what) {
    return new Finding(check, Level.INFO, what, "");
  }

  static Finding warn(String check, String what, String next) {
    return new Finding(check, Level.WARN, what, next);
  }

  static Finding fail(String check, String what, String next) {
    return new Finding(check, Level.FAIL, what, next);
  }

  ObjectNode json() {
    return Json.object()
        .put("id", check)
        .put("level", level.label())
        .put("what", what)
        .put("next", next.isEmpty() ? null : next);
  }
}
