package dev.rookery.occurrences;

import java.util.Locale;

/** What happens to a time that comes while the run before it is not over (spec 01, overlap). */
public enum Overlap {
  SKIP,
  /** One waits in line. */
  BUFFER_ONE,
  /** Up to a hundred wait in line. */
  BUFFER_ALL,
  /** The earlier runs are cancelled. */
  CANCEL_OTHER,
  /** They run side by side. */
  ALLOW_ALL;

  /** Spelling in JSON. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
