package dev.rookery.occurrences;

import java.util.Locale;

/** What became of one time of a schedule (DESIGN §4). */
public enum Verdict {
  /** It became an event in time. */
  FIRED,
  /** It was missed, and made up for. */
  LATE,
  /** The run before it was not over. */
  SKIPPED_OVERLAP,
  /** Nobody was there, and it is not made up for. */
  MISSED,
  /** The schedule, or its agent, was off. */
  PAUSED,
  /** A person asked for it later. */
  BACKFILLED;

  /** Spelling in columns and JSON, such as {@code skipped_overlap}. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it becomes an event, and so a run. */
  boolean fires() {
    return switch (this) {
      case FIRED, LATE, BACKFILLED -> true;
      case SKIPPED_OVERLAP, MISSED, PAUSED -> false;
    };
  }

  static Verdict of(String spelled) {
    return valueOf(spelled.toUpperCase(Locale.ROOT));
  }
}
