package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.models.BreakerRules.State;
import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.RetryRules.Decision;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RulesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Decision GIVE_UP = new Decision.GiveUp();

  private static ModelFailure failure(Reason reason, Bearing bearing, @Nullable Duration after) {
    return new ModelFailure(reason, bearing, "x", after);
  }

  private static ModelFailure failure(Reason reason) {
    return failure(reason, Bearing.ATTEMPT, null);
  }

  @Test
  void a_rate_limit_never_fails_a_run() {
    for (int attempt = 1; attempt < 1000; attempt++) {
      assertThat(RetryRules.after(failure(Reason.RATE_LIMITED), attempt, 0.5))
          .isInstanceOf(Decision.Retry.class);
    }
  }

  @Test
  void outages_and_bad_output_are_given_up_after_their_number_of_attempts() {
    assertThat(RetryRules.after(failure(Reason.UNAVAILABLE), 9, 0))
        .isInstanceOf(Decision.Retry.class);
    assertThat(RetryRules.after(failure(Reason.UNAVAILABLE), 10, 0)).isEqualTo(GIVE_UP);
    assertThat(RetryRules.after(failure(Reason.BAD_OUTPUT), 2, 0))
        .isInstanceOf(Decision.Retry.class);
    assertThat(RetryRules.after(failure(Reason.BAD_OUTPUT), 3, 0)).isEqualTo(GIVE_UP);
  }

  @Test
  void what_cannot_succeed_is_not_tried_again() {
    assertThat(RetryRules.after(failure(Reason.AUTH), 1, 0)).isEqualTo(GIVE_UP);
    assertThat(RetryRules.after(failure(Reason.CONTEXT_OVERFLOW), 1, 0)).isEqualTo(GIVE_UP);
    assertThat(RetryRules.after(failure(Reason.CANCELLED), 1, 0)).isEqualTo(GIVE_UP);
    assertThat(RetryRules.after(failure(Reason.BAD_OUTPUT, Bearing.REJECTED, null), 1, 0))
        .isEqualTo(GIVE_UP);
  }

  @Test
  void a_blocked_call_is_tried_again_however_often() {
    var blocked = failure(Reason.UNAVAILABLE, Bearing.BLOCKED, Duration.ofSeconds(5));
    assertThat(RetryRules.after(blocked, 100, 0))
        .isEqualTo(new Decision.Retry(Duration.ofSeconds(5)));
  }

  @Test
  void delays_double_up_to_a_minute_and_spread() {
    assertThat(RetryRules.backoff(1, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(RetryRules.backoff(1, 0.999))
        .isBetween(Duration.ofMillis(990), Duration.ofSeconds(1));
    assertThat(RetryRules.backoff(4, 0)).isEqualTo(Duration.ofSeconds(4));
    assertThat(RetryRules.backoff(1000, 0.999)).isLessThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(RetryRules.backoff(1000, 0)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void the_providers_word_on_the_delay_is_kept() {
    var asked = failure(Reason.RATE_LIMITED, Bearing.OVERLOAD, Duration.ofSeconds(90));
    assertThat(((Decision.Retry) RetryRules.after(asked, 1, 0.5)).delay())
        .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(91));
  }

  @Test
  void only_an_overload_opens_the_breaker() {
    State after = BreakerRules.afterFailure(State.CLOSED, failure(Reason.UNAVAILABLE), NOW, NOW, 0);
    assertThat(after).isEqualTo(State.CLOSED);
    State open = BreakerRules.afterFailure(State.CLOSED, overload(null), NOW, NOW, 0);
    assertThat(open.openAt(NOW)).isTrue();
    assertThat(open.openAt(NOW.plusSeconds(1))).isFalse();
  }

  @Test
  void consecutive_failures_lengthen_the_pause_and_success_ends_it() {
    State state = State.CLOSED;
    Duration last = Duration.ZERO;
    Instant now = NOW;
    for (int i = 0; i < 6; i++) {
      state = BreakerRules.afterFailure(state, overload(Duration.ofMillis(1)), now, now, 0);
      Duration pause = Duration.between(now, state.openUntil());
      assertThat(pause).isGreaterThan(last);
      last = pause;
      now = state.openUntil();
    }
    assertThat(BreakerRules.afterSuccess(state, now)).isEqualTo(State.CLOSED);
  }

  @Test
  void calls_that_fail_together_count_as_one_failure() {
    State state = State.CLOSED;
    for (int i = 0; i < 16; i++) {
      Instant ended = NOW.plusMillis(100 + i);
      state = BreakerRules.afterFailure(state, overload(null), NOW, ended, 0);
    }
    assertThat(state.failures()).isEqualTo(1);
  }

  @Test
  void a_call_that_began_before_the_breaker_opened_does_not_close_it() {
    State open =
        BreakerRules.afterFailure(State.CLOSED, overload(null), NOW, NOW.plusSeconds(1), 0);
    assertThat(BreakerRules.afterSuccess(open, NOW)).isEqualTo(open);
    assertThat(BreakerRules.afterSuccess(open, NOW.plusSeconds(2))).isEqualTo(State.CLOSED);
  }

  @Test
  void no_provider_can_close_itself_for_days() {
    State open =
        BreakerRules.afterFailure(State.CLOSED, overload(Duration.ofDays(30)), NOW, NOW, 0);
    assertThat(open.openUntil()).isEqualTo(NOW.plus(BreakerRules.LONGEST_ASKED));
  }

  private static ModelFailure overload(@Nullable Duration after) {
    return failure(Reason.RATE_LIMITED, Bearing.OVERLOAD, after);
  }

  @Test
  void windows_are_known_or_low() {
    assertThat(window(Provider.ANTHROPIC, "claude-sonnet-4-5")).isEqualTo(200_000);
    assertThat(window(Provider.OPENROUTER, "anthropic/claude-sonnet-4.5")).isEqualTo(200_000);
    assertThat(window(Provider.OPENAI, "gpt-4.1-mini")).isEqualTo(1_047_576);
    assertThat(window(Provider.OPENAI, "gpt-4")).isEqualTo(8_192);
    assertThat(window(Provider.OPENAI, "who-knows")).isEqualTo(32_000);
    assertThat(window(Provider.OLLAMA, "llama3.2")).isEqualTo(4_096);
  }

  private static int window(Provider provider, String model) {
    return ContextRules.window(new ModelChoice(provider, model));
  }

  @Test
  void tokens_are_estimated_upwards() {
    assertThat(Tokens.estimate("")).isZero();
    assertThat(Tokens.estimate("a")).isEqualTo(1);
    assertThat(Tokens.estimate("abcde")).isEqualTo(2);
    assertThat(Tokens.estimate("日本語日")).isEqualTo(3);
    assertThat(Tokens.estimate("😀\uD83D")).isEqualTo(2);
    assertThat(Tokens.estimate(TestModels.asking("hello"))).isGreaterThan(20);
  }
}
