package dev.rookery.models;

import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * When a provider that asked for fewer calls is left alone, and for how long. Pure. Results of
 * calls that began before the breaker last opened are old news: they neither close it nor count as
 * another failure, so that sixteen calls that fail together are one failure.
 */
final class BreakerRules {
  /** A provider's word is taken up to here; a run that waits longer asks again. */
  static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

  private BreakerRules() {}

  /**
   * @param failures consecutive ones; 0 = closed
   * @param openedAt when it last opened
   * @param openUntil no call before this moment
   * @param reason why it is open, for the failure that blocked calls get
   */
  record State(int failures, Instant openedAt, Instant openUntil, Reason reason) {
    static final State CLOSED = new State(0, Instant.MIN, Instant.MIN, Reason.UNAVAILABLE);

    boolean openAt(Instant now) {
      return now.isBefore(openUntil);
    }
  }

  static State afterSuccess(State state, Instant began) {
    return began.isBefore(state.openedAt()) ? state : State.CLOSED;
  }

  /**
   * @param began when the failed call was made
   * @param random in [0, 1)
   */
  static State afterFailure(
      State state, ModelFailure failure, Instant began, Instant now, double random) {
    if (failure.bearing() != Bearing.OVERLOAD) {
      return state;
    }
    boolean oldNews = began.isBefore(state.openedAt());
    int failures = oldNews ? state.failures() : state.failures() + 1;
    Instant until = now.plus(pause(failure, failures, random));
    if (oldNews && until.isBefore(state.openUntil())) {
      return state;
    }
    return new State(failures, oldNews ? state.openedAt() : now, until, failure.reason());
  }

  private static Duration pause(ModelFailure failure, int failures, double random) {
    Duration own = RetryRules.backoff(failures, random);
    Duration asked = failure.retryAfter();
    if (asked == null || asked.compareTo(own) < 0) {
      return own;
    }
    return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }
}
