package dev.rookery.activation;

import static dev.rookery.activation.Given.agent;
import static dev.rookery.activation.Given.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.AgentFacts.QueuedRun;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueueRulesTest {
  private static final RunId ACTIVE = RunId.next();
  private static final RunId QUEUED = RunId.next();
  private static final QueuedRun NINE = new QueuedRun(QUEUED, 9);
  private static final QueuedRun TEN = new QueuedRun(QUEUED, 10);

  @ParameterizedTest
  @EnumSource(Mode.class)
  void an_idle_agent_starts_a_run_at_once_in_every_mode(Mode mode) {
    assertThat(decision(mode, null, null)).isEqualTo("woke after null in PT0S");
  }

  @Test
  void steer_goes_into_the_active_run_even_when_another_is_queued() {
    assertThat(decision(Mode.STEER, ACTIVE, null)).isEqualTo("steered " + ACTIVE);
    assertThat(decision(Mode.STEER, ACTIVE, NINE)).isEqualTo("steered " + ACTIVE);
  }

  @Test
  void steer_joins_a_queued_run_and_leaves_its_start_alone() {
    assertThat(decision(Mode.STEER, null, NINE)).isEqualTo("merged " + QUEUED + " in PT0S");
    assertThat(decision(Mode.STEER, null, TEN)).isEqualTo("woke after " + QUEUED + " in PT0S");
  }

  @Test
  void followup_starts_a_run_of_its_own_after_the_last() {
    assertThat(decision(Mode.FOLLOWUP, ACTIVE, null))
        .isEqualTo("woke after " + ACTIVE + " in PT0S");
    assertThat(decision(Mode.FOLLOWUP, ACTIVE, NINE))
        .isEqualTo("woke after " + QUEUED + " in PT0S");
    assertThat(decision(Mode.FOLLOWUP, null, NINE)).isEqualTo("woke after " + QUEUED + " in PT0S");
  }

  @Test
  void collect_gathers_ten_inputs_in_a_run_that_waits_for_more() {
    assertThat(decision(Mode.COLLECT, ACTIVE, null)).isEqualTo("woke after " + ACTIVE + " in PT2S");
    assertThat(decision(Mode.COLLECT, ACTIVE, NINE)).isEqualTo("merged " + QUEUED + " in PT2S");
    assertThat(decision(Mode.COLLECT, ACTIVE, TEN)).isEqualTo("woke after " + QUEUED + " in PT2S");
    assertThat(decision(Mode.COLLECT, null, NINE)).isEqualTo("merged " + QUEUED + " in PT2S");
  }

  @Test
  void the_sentence_names_the_run() {
    var who = agent("rook", Trigger.MENTION).busy(ACTIVE, null);
    assertThat(message("@rook").decide(who).getFirst().reason())
        .isEqualTo(
            new Decision.Reason(
                "named", "The text names @rook. It goes into " + ACTIVE + ", which is active."));
  }

  private static String decision(Mode mode, @Nullable RunId active, @Nullable QueuedRun queued) {
    var who = agent("rook", Trigger.MENTION).timing(mode, Duration.ZERO).busy(active, queued);
    return switch (message("@rook").decide(who).getFirst()) {
      case Decision.Woke woke -> "woke after " + woke.after() + " in " + woke.delay();
      case Decision.Steered steered -> "steered " + steered.run();
      case Decision.Merged merged -> "merged " + merged.run() + " in " + merged.delay();
      case Decision.MergedWith with -> "merged with " + with.other();
      case Decision.Waiting waiting -> "waiting " + waiting.delay();
      case Decision.Declined declined -> declined.reason().code();
    };
  }
}
