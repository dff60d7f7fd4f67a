package dev.rookery.policy;

import org.jspecify.annotations.Nullable;

/** What the rules say. */
public record Ruling(Verdict verdict, @Nullable String rule, String why) {
  /** Strictest last. */
  public enum Verdict {
    ALLOW,
    ASK,
    DENY
  }
}
