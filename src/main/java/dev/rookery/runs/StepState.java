package dev.rookery.runs;

import java.util.Locale;

/** State of a step: {@code planned → started → done | failed | unknown | skipped}. */
public enum StepState {
  PLANNED,
  STARTED,
  DONE,
  FAILED,
  UNKNOWN,
  SKIPPED;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static StepState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
