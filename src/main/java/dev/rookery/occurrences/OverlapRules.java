package dev.rookery.occurrences;

import dev.rookery.occurrences.Occurrence.Ruling;

/** What becomes of a time that is met in time (spec 01, overlap). Pure. */
final class OverlapRules {
  /** So many wait in line at most, besides the one that runs. */
  static final int MAX_LINE = 100;

  private OverlapRules() {}

  /**
   * @param open earlier times of the schedule that fired, or are about to, and are not over
   */
  static Ruling rule(Overlap overlap, long open) {
    if (open == 0) {
      return new Ruling(Verdict.FIRED, "on-time");
    }
    return switch (overlap) {
      case SKIP -> new Ruling(Verdict.SKIPPED_OVERLAP, "running");
      case BUFFER_ONE -> line(open, 1);
      case BUFFER_ALL -> line(open, MAX_LINE);
      case CANCEL_OTHER -> new Ruling(Verdict.FIRED, "others-cancelled");
      case ALLOW_ALL -> new Ruling(Verdict.FIRED, "on-time");
    };
  }

  private static Ruling line(long open, int max) {
    return open - 1 < max
        ? new Ruling(Verdict.FIRED, "waits-in-line")
        : new Ruling(Verdict.SKIPPED_OVERLAP, "line-full");
  }

  /** Whether a time that is made up for must wait until the earlier ones are over. */
  static boolean inLine(Overlap overlap) {
    return switch (overlap) {
      case SKIP, BUFFER_ONE, BUFFER_ALL -> true;
      case CANCEL_OTHER, ALLOW_ALL -> false;
    };
  }
}
