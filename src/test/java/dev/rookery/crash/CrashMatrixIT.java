package dev.rookery.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.crash.Plan.Round;
import dev.rookery.delivery.Delivery;
import dev.rookery.runs.Boundary;
import dev.rookery.sandbox.Availability;
import dev.rookery.sandbox.Sandboxes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL of a node whose runs stand at every boundary, in the middle of a call and of a delivery,
 * for every effect class, on SQLite (spec 02, "How it is tested"). Runs do not know of each other,
 * so that one kill serves all cases; {@link CrashMatrixLongIT} kills for each alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashMatrixIT {
  private static final Availability SANDBOX = Sandboxes.diagnose(System.getenv());

  private final Crash crash = new Crash(null);
  private final List<Round> rounds = rounds();
  private CrashOutcome outcome;

  private static List<Round> rounds() {
    List<Round> rounds = new ArrayList<>();
    for (Boundary boundary : Stream.of(Boundary.values()).filter(b -> !b.waits()).toList()) {
      rounds.add(new Round(boundary.name(), 1, rounds.size(), CrashedNode.TOOLS));
    }
    rounds.add(new Round(Round.ASKED, 1, rounds.size(), CrashedNode.TOOLS));
    rounds.add(new Round("MODEL_ANSWERED", 2, rounds.size(), CrashedNode.TOOLS));
    rounds.add(new Round(Round.IN_CALL, 1, rounds.size(), CrashedNode.TOOLS));
    if (SANDBOX.chosen().isPresent()) {
      for (String place : List.of("TOOL_STARTED", "TOOL_PERFORMED", "TOOL_FINISHED", Round.ASKED)) {
        rounds.add(new Round(place, 1, rounds.size(), List.of("bash")));
      }
      rounds.add(new Round(Round.IN_CALL, 1, rounds.size(), List.of("bash_long", "bash_late")));
    }
    rounds.add(new Round(Round.SENDING, 1, rounds.size(), List.of("pure", "keyed")));
    return rounds;
  }

  @BeforeAll
  void killTheNode() {
    crash.run(rounds);
    outcome = new CrashOutcome(crash);
  }

  @AfterAll
  void close() {
    if (outcome != null) {
      outcome.close();
    }
    crash.close();
  }

  private Stream<Arguments> cases() {
    return rounds.stream()
        .flatMap(round -> round.tools().stream().map(tool -> Arguments.of(round, tool)));
  }

  @ParameterizedTest(name = "{0} × {1}")
  @MethodSource("cases")
  void a_run_ends_once_with_the_effects_its_class_promises(Round round, String tool) {
    outcome.check(round, tool);
  }

  @Test
  void commands_in_a_sandbox_were_among_them() {
    assumeTrue(SANDBOX.chosen().isPresent(), SANDBOX::sentence);

    assertThat(rounds.stream().filter(Round::inSandbox)).hasSize(5);
  }

  @Test
  void nothing_is_stuck_and_the_journal_has_no_gap() {
    outcome.checkWhole((int) cases().count());
  }

  @Test
  void a_message_that_was_being_sent_is_unknown_and_never_repeated() {
    Round sending = rounds.getLast();

    assertThat(outcome.replies(sending))
        .containsExactly(Delivery.State.UNKNOWN, Delivery.State.UNKNOWN);
    List<String> chats = sending.tools().stream().map(t -> "" + sending.person(t)).toList();
    assertThat(crash.botApi().calls("sendMessage"))
        .filteredOn(call -> chats.contains(call.parameters().path("chat_id").asText()))
        .hasSize(2);
    assertThat(crash.botApi().messages())
        .as("of one the effect was there, of the other it was not")
        .filteredOn(message -> chats.contains(message.chat()))
        .hasSize(1);
  }
}
