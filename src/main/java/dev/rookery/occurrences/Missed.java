package dev.rookery.occurrences;

import java.util.Locale;

/** What happens to times at which nobody was there (spec 01, missed). */
public enum Missed {
  SKIP,
  /** One run makes up for all. */
  RUN_LAST,
  /** Each is run, up to a cap. */
  RUN_ALL;

  /** Spelling in JSON. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
