package dev.rookery.models;

import dev.rookery.models.ModelFailure.Bearing;
import java.time.Duration;

/**
 * Whether, and when, a failed model call is tried again. Pure: the caller journals the attempt,
 * parks the run for the time that is given here, and brings the random number.
 */
public final class RetryRules {
  /** Attempts after which an unreachable provider fails the run; about six minutes. */
  public static final int MAX_UNAVAILABLE = 10;

  /** Attempts after which unusable answers fail the run. */
  public static final int MAX_BAD_OUTPUT = 3;

  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration CAP = Duration.ofSeconds(60);

  private RetryRules() {}

  /** What to do next. */
  public sealed interface Decision {
    /** Call again after this time. */
    record Retry(Duration delay) implements Decision {}

    /** The failure is the run's failure. */
    record GiveUp() implements Decision {}
  }

  /**
   * A rate limit delays and never fails a run (spec 02, "Leases"); the run's deadline bounds it.
   *
   * @param attempt how many calls of this step reached the provider and failed so far, from 1; a
   *     {@link Bearing#BLOCKED} call does not count
   * @param random in [0, 1): spreads runs that failed together
   */
  public static Decision after(ModelFailure failure, int attempt, double random) {
    if (!failure.retryable()) {
      return new Decision.GiveUp();
    }
    boolean spent =
        failure.bearing() != Bearing.BLOCKED
            && switch (failure.reason()) {
              case UNAVAILABLE -> attempt >= MAX_UNAVAILABLE;
              case BAD_OUTPUT -> attempt >= MAX_BAD_OUTPUT;
              case RATE_LIMITED -> false;
              case AUTH, CONTEXT_OVERFLOW, CANCELLED -> true;
            };
    if (spent) {
      return new Decision.GiveUp();
    }
    Duration asked = failure.retryAfter();
    return new Decision.Retry(
        asked == null ? backoff(attempt, random) : asked.plus(upTo(FIRST, random)));
  }

  /** Doubles from one second to a minute; between half of that and the whole. */
  static Duration backoff(int attempt, double random) {
    long doubled = FIRST.toMillis() << Math.clamp(attempt - 1L, 0, 10);
    long full = Math.min(CAP.toMillis(), doubled);
    return Duration.ofMillis((long) (full * (1 + random) / 2));
  }

  private static Duration upTo(Duration most, double random) {
    return Duration.ofMillis((long) (most.toMillis() * random));
  }
}
