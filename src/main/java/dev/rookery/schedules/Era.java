package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The years in which something can be due: what lies outside is a slip, not a plan. */
final class Era {
  static final int FIRST_YEAR = 1800;
  static final int LAST_YEAR = 2999;

  /** Inclusive. */
  static final Instant START = Instant.parse("1800-01-01T00:00:00Z");

  /** Exclusive. */
  static final Instant END = Instant.parse("3000-01-01T00:00:00Z");

  private Era() {}

  static boolean holds(Instant at) {
    return !at.isBefore(START) && at.isBefore(END);
  }

  /** The instant itself, or the end of the era that it lies beyond. */
  static Instant clamp(Instant at) {
    return at.isBefore(START) ? START.minusMillis(1) : at.isAfter(END) ? END : at;
  }

  /** Whole milliseconds. */
  static Instant check(Instant at, String what) {
    if (!holds(at)) {
      throw Refusal.badInput(
          "bad-time",
          "The %s %s is refused: it must lie in the years %d to %d.",
          what,
          at,
          FIRST_YEAR,
          LAST_YEAR);
    }
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
