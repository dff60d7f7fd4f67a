package dev.rookery.occurrences;

import static dev.rookery.occurrences.Timekeeper.every;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A schedule that fails says so once, and is paused when it keeps failing. */
@BothEngines
final class FailuresIT {
  private static final Duration TEN = Duration.ofSeconds(10);
  private final Timekeeper keeper;

  FailuresIT(TestDatabase db) {
    this.keeper = new Timekeeper(db);
  }

  @BeforeEach
  void people() {
    keeper.colony.dispatching();
    keeper.colony.accept(keeper.agent, dev.rookery.Colony.line("desk", "hello"));
    keeper.colony.until(
        "the desk is known",
        () ->
            keeper.colony.house().conversations.list(keeper.colony.org(), 10).stream()
                .anyMatch(c -> c.key().equals("desk")));
    keeper.colony.house().approvals.setDesk(keeper.colony.org(), "desk", "ada");
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  /** The next time fires, and its run ends so. */
  private void run(PolicyId policy, String state) {
    int before = keeper.ledger(policy).size();
    keeper.tick(TEN);
    List<Occurrence> ledger = keeper.ledger(policy);
    assertThat(ledger).hasSize(before + 1);
    var run = keeper.colony.runOf(ledger.getLast().outcome().event());
    keeper
        .colony
        .database()
        .<Integer>write(
            keeper.colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "UPDATE run SET state = ?, failure_reason = ?, outcome = 'the token is revoked' WHERE id = ?",
                        state,
                        state.equals("failed") ? "tool_failed" : null,
                        run.value()));
    settle();
  }

  private void settle() {
    while (keeper.occurrences().settling().round()) {
      // there is more
    }
  }

  private long journaled(String kind) {
    return keeper.colony.journal().stream().filter(r -> r.entry().kind().equals(kind)).count();
  }

  private ActivationPolicy policy(PolicyId id) {
    return keeper.colony.house().activations.policies(keeper.colony.org()).stream()
        .filter(p -> p.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_first_failure_is_told_once_with_cause_and_next_step_and_so_is_the_recovery() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    run(policy, "done");
    run(policy, "failed");
    run(policy, "failed");
    run(policy, "failed");

    assertThat(keeper.colony.said("desk")).hasSize(1);
    assertThat(keeper.colony.said("desk").getFirst())
        .contains(
            "tool_failed: the token is revoked", "rookery runs show run_", "run-now " + policy);
    assertThat(journaled("schedule.failing")).isEqualTo(1);
    Description description = keeper.occurrences().describe(keeper.colony.org(), policy);
    assertThat(description.health().failing()).isTrue();
    assertThat(description.health().failuresInARow()).isEqualTo(3);

    run(policy, "done");
    assertThat(keeper.colony.said("desk")).hasSize(2);
    assertThat(keeper.colony.said("desk").getLast()).contains("works again");
    run(policy, "failed");
    assertThat(keeper.colony.said("desk")).hasSize(3);
    assertThat(journaled("schedule.recovered")).isEqualTo(1);
  }

  @Test
  void after_so_many_failures_in_a_row_it_is_paused_and_told() {
    PolicyId policy =
        keeper.schedule(Trigger.INTERVAL, every(TEN).put("pause_after_failures", 3)).id();
    run(policy, "failed");
    run(policy, "failed");
    run(policy, "failed");

    var pause = policy(policy).standing().pause();
    assertThat(pause).isNotNull();
    assertThat(pause.reason()).contains("3 failed runs in a row", "the token is revoked");
    assertThat(keeper.colony.said("desk")).hasSize(2);
    assertThat(keeper.colony.said("desk").getLast()).contains("policies resume " + policy);
    keeper.tick(TEN);
    assertThat(keeper.events(policy)).isEqualTo(3);

    keeper.stand(policy, Standing.ON);
    assertThat(keeper.verdicts(policy).getLast()).isEqualTo("paused paused");
    run(policy, "failed");
    assertThat(policy(policy).standing().pause()).as("counted anew since it was resumed").isNull();
  }

  @Test
  void a_cancelled_run_is_neither_a_failure_nor_a_success() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    run(policy, "failed");
    run(policy, "cancelled");

    Description description = keeper.occurrences().describe(keeper.colony.org(), policy);
    assertThat(description.health().failing()).isTrue();
    assertThat(description.health().failuresInARow()).isEqualTo(1);
    assertThat(description.past().lastRunId()).isNotNull();
  }

  @Test
  void each_time_has_a_run_of_its_own_and_cancel_other_ends_the_earlier_one() {
    PolicyId policy =
        keeper.schedule(Trigger.INTERVAL, every(TEN).put("overlap", "cancel_other")).id();
    keeper.tick(TEN);
    var first = keeper.colony.runOf(keeper.ledger(policy).getFirst().outcome().event());
    keeper.tick(TEN);
    var second = keeper.colony.runOf(keeper.ledger(policy).getLast().outcome().event());

    assertThat(second).isNotEqualTo(first);
    assertThat(keeper.colony.run(first).status().state().label()).isEqualTo("cancelled");
    assertThat(keeper.ledger(policy).getFirst().outcome().result())
        .isEqualTo(Occurrence.Result.CANCELLED);
  }

  @Test
  void ticks_wait_in_line_as_runs_of_their_own_and_are_played() {
    PolicyId policy =
        keeper.schedule(Trigger.INTERVAL, every(TEN).put("overlap", "buffer_all")).id();
    keeper.live(Duration.ofSeconds(30), TEN);
    List<Occurrence> ledger = keeper.ledger(policy);
    var runs = ledger.stream().map(o -> keeper.colony.runOf(o.outcome().event())).toList();
    assertThat(runs).doesNotHaveDuplicates().hasSize(3);

    keeper.colony.working();
    runs.forEach(keeper.colony::over);
    settle();

    assertThat(keeper.ledger(policy)).allMatch(o -> o.outcome().result() == Occurrence.Result.DONE);
    assertThat(keeper.colony.said("schedule:" + policy))
        .containsExactly(
            "You said: Look around.", "You said: Look around.", "You said: Look around.");
  }

  @Test
  void the_words_of_a_stranger_are_nobodys_order() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN).put("untrusted", true)).id();
    keeper.tick(TEN);
    var event = keeper.ledger(policy).getFirst().outcome().event();
    keeper.colony.runOf(event);

    assertThat(keeper.colony.house().events.find(keeper.colony.org(), event).trust())
        .isEqualTo("unknown");
  }
}
