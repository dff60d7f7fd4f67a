package dev.rookery.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class TestClock implements InstantSource {
  private Instant now;

  /** Starts at 2026-01-05T09:00:00Z, a Monday. */
  public TestClock() {
    this(Instant.parse("2026-01-05T09:00:00Z"));
  }

  public TestClock(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  public synchronized void set(Instant instant) {
    now = instant;
  }
}
