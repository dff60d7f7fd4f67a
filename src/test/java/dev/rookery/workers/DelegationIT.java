package dev.rookery.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.agents.Agent;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.RunWorkers;
import dev.rookery.runs.Runs;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that run for runs: side by side, within limits, and home exactly once (spec 02). */
@BothEngines
final class DelegationIT {
  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry(
              "split",
              "{tasks: [{task: say one}, {task: say two, name: second}, {task: say three}]}"),
          Map.entry("mixed", "{tasks: [{task: say one}, {task: fail}]}"),
          Map.entry("both hold", "{tasks: [{task: hold}, {task: hold}]}"),
          Map.entry("later", "{wait: false, tasks: [{task: hold}]}"),
          Map.entry("nobody", "{tasks: [{task: say one, agent: nobody}]}"),
          Map.entry("nine", "{tasks: [" + "{task: say one},".repeat(8) + "{task: say nine}]}"),
          Map.entry("deeper", "{tasks: [{task: pass on}]}"),
          Map.entry("around", "{tasks: [{task: send to a, agent: b}]}"),
          Map.entry("in turn", "{tasks: [{task: leave it}]}"));

  private final TestDatabase db;
  private final Hive hive;
  private final Agent rook;

  DelegationIT(TestDatabase db) {
    this.db = db;
    this.hive = new Hive(db.database(), CALLS, Map.of());
    this.rook = hive.colony.agent("rook");
  }

  @AfterEach
  void close() {
    hive.close();
  }

  @Test
  void children_work_side_by_side_and_their_results_come_in_the_order_of_the_tasks() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "split");

    assertThat(parent.status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.summaries(parent.id())).containsExactly("said one", "said two", "said three");
    assertThat(hive.workers(parent.id()))
        .extracting(w -> w.order().name())
        .containsExactly("rook-1", "second", "rook-3");
    assertThat(hive.workers(parent.id()))
        .allSatisfy(
            w -> {
              assertThat(w.standing().state()).isEqualTo(Worker.State.FINISHED);
              assertThat(w.standing().home()).isEqualTo(Worker.Home.STEP);
              Run child = hive.colony.run(w.id());
              assertThat(child.origin().root()).isEqualTo(parent.id());
              assertThat(child.origin().lineage().parent()).isEqualTo(parent.id());
              assertThat(child.origin().lineage().depth()).isEqualTo(1);
              assertThat(child.origin().contact()).isEqualTo(parent.origin().contact());
              assertThat(child.origin().attended()).isTrue();
            });
    assertThat(hive.colony.said("chat")).hasSize(1);
    assertThat(hive.count("worker.started")).isEqualTo(3);
    assertThat(hive.count("worker.finished")).isEqualTo(3);
  }

  @Test
  void a_parent_waits_without_a_thread_and_is_woken_by_the_last_child() {
    RunWorkers workers = hive.colony.working();
    RunId parent = hive.tell(rook, "chat", "both hold");
    hive.awaitHeld(2);

    hive.colony.until("only the children work", () -> workers.active() == 2);
    assertThat(hive.colony.run(parent).status().waitReason()).isEqualTo("children");

    hive.release.countDown();
    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.summaries(parent)).containsExactly("hold: held", "hold: held");
  }

  @Test
  void what_failed_is_told_with_its_cause() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "mixed");

    assertThat(parent.status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.workers(parent.id()))
        .extracting(w -> w.standing().state())
        .containsExactly(Worker.State.FINISHED, Worker.State.FAILED);
    assertThat(hive.told(parent.id())).contains("\"errors\":[\"model_auth:");
  }

  @Test
  void a_worker_is_explained_like_any_run() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "split");

    Worker worker = hive.worker(parent.id());
    var event = hive.colony.house().runs.detail(hive.colony.org(), worker.id()).events();
    var why = hive.colony.house().activations.ofEvent(hive.colony.org(), event.getFirst());
    assertThat(why).hasSize(1);
    assertThat(why.getFirst().reason().sentence())
        .contains("@rook delegated it", parent.id().value());
    assertThat(why.getFirst().run()).isEqualTo(worker.id());
  }

  @Test
  void limits_are_told_to_the_model_and_nothing_is_started() {
    hive.colony.working();
    assertThat(hive.told(hive.ask(rook, "chat", "nine").id())).contains("too-many-workers");
    assertThat(hive.told(hive.ask(rook, "chat", "nobody").id())).contains("agent-not-found");
    assertThat(hive.count("worker.started")).isZero();

    Run deep = hive.ask(rook, "chat", "deeper");
    assertThat(deep.status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.count("worker.started")).isEqualTo(3);
    assertThat(hive.told(deep.id())).contains("too-deep");
  }

  @Test
  void agents_that_send_each_other_the_same_task_come_to_an_end() {
    hive.colony.working();
    Agent a = hive.colony.agent("a");
    hive.colony.agent("b");
    Run parent = hive.ask(a, "chat", "around");

    assertThat(parent.status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.count("worker.started")).isEqualTo(3);
    assertThat(hive.told(parent.id())).contains("too-deep");
  }

  @Test
  void with_the_parent_its_children_are_cancelled_and_nothing_comes_after() {
    hive.colony.working();
    RunId parent = hive.tell(rook, "chat", "both hold");
    hive.awaitHeld(2);

    assertThat(hive.colony.house().runs.cancel(hive.colony.org(), parent, "ada"))
        .isEqualTo(Runs.Cancelled.CANCELLED);

    assertThat(hive.workers(parent))
        .allSatisfy(
            w -> {
              assertThat(w.standing().state()).isEqualTo(Worker.State.CANCELLED);
              assertThat(w.standing().home()).isEqualTo(Worker.Home.NOWHERE);
            });
    assertThat(hive.count("worker.cancelled")).isEqualTo(2);
    assertThat(hive.colony.said("chat")).containsExactly("Stopped: cancelled by ada.");
    assertThat(hive.colony.runs()).hasSize(3);
  }

  @Test
  void a_cancelled_child_is_a_result_like_any_other() {
    hive.colony.working();
    RunId parent = hive.tell(rook, "chat", "both hold");
    hive.awaitHeld(2);
    Worker first = hive.worker(parent);

    assertThat(hive.colony.house().workers.cancel(hive.colony.org(), first.id(), "ada"))
        .isEqualTo(Runs.Cancelled.CANCELLED);
    assertThat(hive.colony.house().workers.cancel(hive.colony.org(), first.id(), "ada"))
        .isEqualTo(Runs.Cancelled.ALREADY_DONE);
    hive.release.countDown();

    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.told(parent)).contains("cancelled by ada", "hold: held");
  }

  @Test
  void past_its_deadline_a_parent_fails_and_takes_what_it_waits_for_along() {
    hive.colony.working();
    RunId parent = hive.tell(rook, "chat", "both hold");
    hive.awaitHeld(2);
    hive.colony.until(
        "it waits", () -> "children".equals(hive.colony.run(parent).status().waitReason()));

    db.clock().advance(Duration.ofHours(25));

    assertThat(hive.colony.over(parent).status().failureReason()).isEqualTo("deadline");
    hive.workers(parent).forEach(w -> assertThat(hive.overWorker(w.id()).active()).isFalse());
    assertThat(hive.workers(parent)).noneMatch(w -> w.standing().state() == Worker.State.FINISHED);
  }

  @Test
  void what_nobody_waits_for_comes_home_once_after_the_parent_is_over() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "later");
    Worker worker = hive.worker(parent.id());
    assertThat(worker.standing().state()).isEqualTo(Worker.State.ACTIVE);
    assertThat(hive.told(parent.id())).contains(worker.id().value(), "active");

    hive.release.countDown();
    hive.overWorker(worker.id());
    hive.colony.until("it was reported", () -> hive.colony.said("chat").size() == 2);

    assertThat(hive.find(worker.id()).standing().home()).isEqualTo(Worker.Home.CONVERSATION);
    assertThat(hive.colony.said("chat").getLast()).contains("Report.", "hold: held");
    Run report = hive.colony.runs().getLast();
    assertThat(hive.colony.over(report.id()).agent()).isEqualTo(rook.id());
    assertThat(report.origin().contact()).isEqualTo(parent.origin().contact());
    assertThat(report.origin().lineage().depth()).isEqualTo(1);
    assertThat(hive.colony.runs()).hasSize(3);
  }

  @Test
  void what_nobody_waits_for_goes_into_the_parent_while_that_is_not_over() {
    hive.colony.working();
    RunId parent = hive.tell(rook, "chat", "meanwhile");
    Worker worker = hive.overWorker(hive.worker(parent).id());
    assertThat(worker.standing().home()).isEqualTo(Worker.Home.RUN);

    hive.release.countDown();

    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.colony.said("chat")).singleElement().asString().contains("Report.", "said one");
    assertThat(hive.colony.runs()).hasSize(2);
  }

  @Test
  void what_a_worker_left_behind_comes_home_to_the_root() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "in turn");
    Worker child = hive.worker(parent.id());
    Worker grandchild = hive.worker(child.id());
    assertThat(child.standing().state()).isEqualTo(Worker.State.FINISHED);
    assertThat(grandchild.kin().generation()).isEqualTo(2);

    hive.release.countDown();

    hive.colony.until("it was reported", () -> hive.colony.said("chat").size() == 2);
    assertThat(hive.find(grandchild.id()).standing().home()).isEqualTo(Worker.Home.CONVERSATION);
    assertThat(hive.colony.said("chat").getLast()).contains("Report.", "hold: held");
  }

  @ParameterizedTest
  @EnumSource(
      value = Boundary.class,
      names = {"TOOL_STARTED", "TOOL_PERFORMED", "CHILDREN_AWAITED"})
  void wherever_a_parent_is_cancelled_no_worker_goes_on(Boundary place) {
    AtomicInteger reached = new AtomicInteger();
    AtomicReference<RunId> cancelled = new AtomicReference<>();
    Boundary.Probe probe =
        (boundary, tool) -> {
          RunId parent = cancelled.get();
          if (boundary == place && tool.equals("delegate") && parent != null) {
            reached.incrementAndGet();
            hive.colony.house().runs.cancel(hive.colony.org(), parent, "ada");
          }
        };
    RunId parent = hive.tell(rook, "chat", "both hold");
    cancelled.set(parent);
    RunWorkers workers = hive.colony.working(s -> s.with(probe));

    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.CANCELLED);
    hive.colony.until("nothing works", () -> workers.active() == 0);
    assertThat(reached).hasValue(1);
    assertThat(hive.workers(parent)).hasSize(place == Boundary.TOOL_STARTED ? 0 : 2);
    assertThat(hive.workers(parent)).allMatch(w -> w.standing().state() == Worker.State.CANCELLED);
    assertThat(hive.colony.runs()).allMatch(run -> run.status().state() == RunState.CANCELLED);
    assertThat(hive.colony.said("chat")).containsExactly("Stopped: cancelled by ada.");
  }

  @Test
  void without_its_agent_the_conversation_is_told() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "later");
    Worker worker = hive.worker(parent.id());
    hive.colony.house().agents.setEnabled(hive.colony.org(), rook.id(), false);
    hive.release.countDown();

    hive.overWorker(worker.id());
    hive.colony.until("it is told", () -> hive.colony.said("chat").size() == 2);
    assertThat(hive.colony.said("chat").getLast()).contains("hold: held");
    assertThat(hive.colony.runs()).hasSize(2);
  }

  @Test
  void what_ended_while_no_server_ran_comes_home_when_one_does() {
    RunWorkers first = hive.colony.working();
    Run parent = hive.ask(rook, "chat", "later");
    Worker worker = hive.worker(parent.id());
    first.close();
    hive.release.countDown();
    hive.colony.stop();
    hive.colony.working();
    hive.overWorker(worker.id());
    assertThat(hive.colony.runs()).hasSize(2);

    hive.colony.dispatching();

    hive.colony.until("it was reported", () -> hive.colony.said("chat").size() == 2);
    assertThat(hive.colony.runs()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = Boundary.class,
      names = {"TOOL_STARTED", "TOOL_PERFORMED", "CHILDREN_AWAITED", "BEFORE_REPLY", "REPLIED"})
  void a_crash_anywhere_around_delegation_starts_each_worker_once(Boundary place) {
    AtomicInteger crashes = new AtomicInteger();
    Boundary.Probe probe =
        (boundary, _) -> {
          if (boundary == place && crashes.getAndIncrement() == 0) {
            throw new Crash();
          }
        };
    hive.colony.working(s -> s.with(probe));
    RunId parent = hive.tell(rook, "chat", "split");
    hive.colony.until(
        "it is over",
        () -> {
          db.clock().advance(Duration.ofSeconds(5));
          return hive.colony.run(parent).status().state().over();
        });

    assertThat(crashes).hasPositiveValue();
    assertThat(hive.colony.run(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.summaries(parent)).containsExactly("said one", "said two", "said three");
    assertThat(hive.count("worker.started")).isEqualTo(3);
    assertThat(hive.count("worker.finished")).isEqualTo(3);
    assertThat(hive.colony.said("chat")).hasSize(1);
  }

  /** As if the process were gone: nothing of ours catches it, and the lease stays. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  @Test
  void another_organization_sees_nothing() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "split");
    var other = hive.colony.newOrg();
    RunId worker = hive.worker(parent.id()).id();
    Workers workers = hive.colony.house().workers;

    assertThat(workers.list(other, new Workers.Query(null, null, null, null, 10))).isEmpty();
    assertThatThrownBy(() -> workers.find(other, worker))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo("worker-not-found"));
    assertThatThrownBy(() -> workers.cancel(other, worker, "eve")).isInstanceOf(Refusal.class);
    assertThat(workers.list(hive.colony.org(), new Workers.Query(null, null, null, null, 2)))
        .hasSize(2);
    assertThat(
            workers.list(
                hive.colony.org(),
                new Workers.Query(Worker.State.ACTIVE, rook.id(), parent.id(), null, 10)))
        .isEqualTo(List.of());
  }

  @Test
  void an_agent_lists_and_stops_its_own_workers_from_another_conversation() {
    hive.colony.working();
    Run parent = hive.ask(rook, "chat", "later");
    Worker worker = hive.worker(parent.id());
    assertThat(hive.told(hive.ask(rook, "another", "list workers").id()))
        .contains(worker.id().value(), "active");

    Agent other = hive.colony.agent("other");
    assertThat(hive.told(hive.ask(other, "third", "list workers").id())).contains("no workers");
    assertThat(hive.told(hive.ask(other, "third", "stop " + worker.id()).id()))
        .contains("worker-not-found");

    assertThat(hive.told(hive.ask(rook, "another", "stop " + worker.id()).id()))
        .contains("Cancelled");
    assertThat(hive.find(worker.id()).standing().state()).isEqualTo(Worker.State.CANCELLED);
    hive.colony.until("it was reported", () -> hive.colony.said("chat").size() == 2);
  }
}
