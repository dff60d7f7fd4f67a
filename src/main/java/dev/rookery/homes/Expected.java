package dev.rookery.homes;

/** What has to be at a path for a write to happen. */
public sealed interface Expected {
  /** Whatever is there is replaced. */
  record Anything() implements Expected {}

  /** Nothing. */
  record Nothing() implements Expected {}

  /** A file with this SHA-256, in lower-case hex. */
  record Content(String sha256) implements Expected {}

  Expected ANYTHING = new Anything();
  Expected NOTHING = new Nothing();
}
