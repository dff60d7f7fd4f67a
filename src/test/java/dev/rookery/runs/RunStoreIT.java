package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelRequest;
import dev.rookery.models.Provider;
import dev.rookery.runs.QueueStore.Claim;
import dev.rookery.runs.RunStore.Held;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Claims, leases and fences, statement by statement. */
@BothEngines
final class RunStoreIT {
  private static final long LEASE = 30_000;
  private static final Duration DAY = Duration.ofDays(1);

  private final TestDatabase db;
  private final Database database;
  private final Colony colony;
  private final OrgId org;
  private final Agent rook;

  RunStoreIT(TestDatabase db) {
    this.db = db;
    this.database = db.database();
    this.colony = Colony.scripted(database, Colony.ECHO);
    this.org = colony.org();
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private RunId queue(Agent agent, String conversation, Duration delay) {
    RunId id = RunId.next();
    NewRun run =
        new NewRun(
            id,
            agent.id(),
            ActivationId.next(),
            conversation,
            new NewRun.Nature("turn", 0, true),
            delay,
            DAY);
    Runs.Input input = new Runs.Input(EventId.next(), "hello", new Runs.Speaker("test:ada", true));
    database.write(
        org,
        tx -> {
          colony.house().runs.queue(tx, org, run, List.of(input));
          return id;
        });
    return id;
  }

  private RunId queue(String conversation) {
    return queue(rook, conversation, Duration.ZERO);
  }

  private List<RunId> claimable(Agent... full) {
    Set<dev.rookery.kernel.AgentId> ids =
        java.util.Arrays.stream(full).map(Agent::id).collect(java.util.stream.Collectors.toSet());
    return database
        .write(org, tx -> QueueStore.claimable(tx, org, LEASE, new QueueStore.Places(100, ids)))
        .stream()
        .map(Run::id)
        .toList();
  }

  private long claim(RunId run, String owner) {
    return database.write(
        org,
        tx -> {
          QueueStore.claim(tx, org, run, new Claim(owner, LEASE, false));
          return RunStore.find(tx, org, run).orElseThrow().lease().fence();
        });
  }

  private void end(RunId run, RunState state) {
    database.write(
        org,
        tx -> {
          RunStore.finish(tx, org, run, new Run.Status(state, null, null, "over"));
          return run;
        });
  }

  private Held hold(RunId run, long fence) {
    return database.write(org, tx -> RunStore.hold(tx, org, run, fence));
  }

  private CapacityRules.AgentDemand demand() {
    return database.readAcrossOrgs(tx -> QueueStore.demand(tx, LEASE)).stream()
        .filter(d -> d.agent().equals(rook.id().value()))
        .findFirst()
        .orElse(new CapacityRules.AgentDemand("", "", 0, 0, 0));
  }

  @Test
  void of_a_conversation_only_the_oldest_run_may_start_and_only_when_none_is_active() {
    RunId first = queue("chat");
    RunId second = queue("chat");
    RunId elsewhere = queue("other chat");

    assertThat(claimable()).containsExactly(first, elsewhere);
    claim(first, "a");
    assertThat(claimable()).containsExactly(elsewhere);
    database.write(
        org,
        tx -> {
          RunStore.park(tx, org, first, RunState.WAITING_PERMISSION, new RunStore.Parked("x", 0));
          return first;
        });
    assertThat(claimable()).as("while it waits for a person").containsExactly(elsewhere);
    end(first, RunState.CANCELLED);
    assertThat(claimable()).containsExactly(second, elsewhere);
  }

  @Test
  void the_database_refuses_a_second_active_run_of_agent_and_conversation() {
    RunId first = queue("chat");
    RunId second = queue("chat");
    claim(first, "a");

    assertThatThrownBy(() -> claim(second, "b")).isInstanceOf(RuntimeException.class);
    assertThat(colony.run(second).status().state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void two_agents_of_one_conversation_do_not_wait_for_each_other() {
    Agent crow = colony.agent("crow");
    RunId rooks = queue("chat");
    RunId crows = queue(crow, "chat", Duration.ZERO);
    claim(rooks, "a");

    assertThat(claimable()).containsExactly(crows);
  }

  @Test
  void a_run_that_waits_for_its_time_keeps_its_place_in_the_conversation() {
    RunId debounced = queue(rook, "chat", Duration.ofSeconds(5));
    RunId next = queue("chat");

    assertThat(claimable()).isEmpty();
    db.clock().advance(Duration.ofSeconds(5));
    assertThat(claimable()).containsExactly(debounced).doesNotContain(next);
  }

  @Test
  void demand_counts_what_may_start_not_what_is_queued() {
    RunId first = queue("chat");
    queue("chat");
    queue("chat");
    queue(rook, "later", Duration.ofHours(1));

    assertThat(demand().ready()).isEqualTo(1);
    claim(first, "a");
    assertThat(demand().ready()).isZero();
    assertThat(demand().running()).isEqualTo(1);
  }

  @Test
  void a_full_agent_is_passed_over() {
    Agent crow = colony.agent("crow");
    queue("one");
    queue("two");
    RunId crows = queue(crow, "three", Duration.ZERO);

    assertThat(claimable(rook)).containsExactly(crows);
  }

  @Test
  void a_lease_that_ran_out_may_be_claimed_and_the_fence_shuts_the_old_owner_out() {
    RunId run = queue("chat");
    long first = claim(run, "a");
    assertThat(claimable()).isEmpty();
    assertThat(hold(run, first)).isEqualTo(Held.YES);

    db.clock().advance(Duration.ofMillis(LEASE + 1));
    assertThat(claimable()).containsExactly(run);
    long second = claim(run, "b");

    assertThat(second).isGreaterThan(first);
    assertThat(hold(run, first)).isEqualTo(Held.LOST);
    assertThat(hold(run, second)).isEqualTo(Held.YES);
    assertThat(renew(run, first)).isFalse();
    assertThat(renew(run, second)).isTrue();
  }

  private boolean renew(RunId run, long fence) {
    return database.write(org, tx -> QueueStore.renew(tx, org, run, fence, LEASE));
  }

  @Test
  void the_log_of_an_old_owner_writes_nothing() {
    RunId id = queue("chat");
    claim(id, "a");
    Run run = colony.run(id);
    RunLog log =
        new RunLog(
            new RunLog.Ground(
                database,
                colony.house().journal,
                colony.house().outbox,
                colony.house().approvals,
                colony.house().spend,
                new RunLog.Guards(
                    new IdempotencyKeys(new byte[8]),
                    colony.house().hands.homeTrust,
                    colony.house().hands.secrets),
                colony.house().runs.family()),
            run);
    db.clock().advance(Duration.ofMillis(LEASE + 1));
    claim(id, "b");
    int before = colony.journal().size();

    assertThatThrownBy(log::absorb).isInstanceOf(LeaseLost.class);
    assertThatThrownBy(() -> start(log)).isInstanceOf(LeaseLost.class);
    assertThatThrownBy(() -> log.fail(FailureReason.BUG, "x")).isInstanceOf(LeaseLost.class);
    assertThatThrownBy(log::handOver).isInstanceOf(LeaseLost.class);
    assertThat(colony.journal()).hasSize(before);
    assertThat(colony.house().runs.detail(org, id).steps()).isEmpty();
    assertThat(colony.house().runs.detail(org, id).said()).isEmpty();
  }

  @Test
  void a_step_that_is_over_cannot_be_started_even_by_its_owner() {
    RunId id = queue("chat");
    claim(id, "a");
    RunLog log =
        new RunLog(
            new RunLog.Ground(
                database,
                colony.house().journal,
                colony.house().outbox,
                colony.house().approvals,
                colony.house().spend,
                new RunLog.Guards(
                    new IdempotencyKeys(new byte[8]),
                    colony.house().hands.homeTrust,
                    colony.house().hands.secrets),
                colony.house().runs.family()),
            colony.run(id));
    Step step = ((ModelSteps.Passage.Started) start(log)).step();
    new ModelSteps(log, colony.house().spend)
        .finish(
            step,
            new dev.rookery.models.ModelAnswer(
                "hi",
                List.of(),
                new dev.rookery.models.ModelAnswer.Usage(1, 1, 0, 0),
                dev.rookery.models.ModelAnswer.Stop.END,
                "m"),
            List.of());

    assertThatThrownBy(() -> start(log))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is over");
    assertThat(colony.house().runs.detail(org, id).steps().getFirst().step().state())
        .isEqualTo(StepState.DONE);
  }

  private ModelSteps.Passage start(RunLog log) {
    ModelRequest request =
        new ModelRequest("m", "", List.of(), List.of(), ModelRequest.Limits.DEFAULT);
    return new ModelSteps(log, colony.house().spend)
        .start(1, new ModelChoice(Provider.SCRIPTED, "m"), request);
  }

  @Test
  void parked_runs_come_back_at_their_time_and_waiting_ones_at_their_deadline() {
    RunId parked = queue("one");
    RunId waiting = queue("two");
    claim(parked, "a");
    claim(waiting, "a");
    database.write(
        org,
        tx -> {
          RunStore.park(
              tx, org, parked, RunState.RUNNING, new RunStore.Parked("m", tx.now() + 60_000));
          RunStore.park(
              tx, org, waiting, RunState.WAITING_PERMISSION, new RunStore.Parked("u", tx.now()));
          return parked;
        });

    assertThat(claimable()).isEmpty();
    db.clock().advance(Duration.ofSeconds(60));
    assertThat(claimable()).containsExactly(parked);
    db.clock().advance(DAY);
    assertThat(claimable()).containsExactly(parked, waiting);
  }
}
