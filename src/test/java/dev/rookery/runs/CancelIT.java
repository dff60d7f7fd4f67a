package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rookery.Colony;
import dev.rookery.House;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.approvals.Approvals;
import dev.rookery.inbox.Inbound;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Runs.Cancelled;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Dialect;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After a cancel commits nothing new begins, and what is over stays over (spec 02, "Cancel"). */
@BothEngines
final class CancelIT {
  private static final int INTERLEAVINGS = 200;
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "work"}}
          then: {tool_calls: [{tool: act}, {tool: act}]}
        - when: {user_text: {contains: "work"}, turn: 1, tool_result: {}}
          then: {tool_calls: [{tool: act}]}
        - when: {user_text: {contains: "hold"}}
          then: {tool_calls: [{tool: hold}, {tool: act}]}
        - when: {user_text: {contains: "slowly"}}
          then: {text: "late", delay_ms: 60000}
        - when: {user_text: {contains: "limited"}}
          then: {failure: {kind: rate_limited, retry_after_ms: 500000}}
        - then: {text: "Done."}
      """;

  private final Map<String, Integer> acts = new ConcurrentHashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final Colony colony;
  private final Agent rook;

  CancelIT(TestDatabase db) {
    this.colony =
        Colony.scripted(
                db.database(),
                SCRIPT,
                TestTool.of("act", EffectClass.UNSAFE, this::act),
                TestTool.of("hold", EffectClass.UNSAFE, this::hold))
            .dispatching();
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Tool.ToolResult act(Tool.Call call) {
    acts.merge(call.caller().run().value(), 1, Integer::sum);
    return Tool.ToolResult.ok("acted");
  }

  /** Until it is cancelled. */
  private Tool.ToolResult hold(Tool.Call call) {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (var _ = call.cancellation().onCancel(cancelled::countDown)) {
      held.countDown();
      Together.await(cancelled);
      return Tool.ToolResult.ok("stopped");
    }
  }

  private RunId tell(String conversation, String text) {
    return colony.runOf(colony.tell(rook, conversation, text));
  }

  private Cancelled cancel(RunId run) {
    return colony.house().runs.cancel(colony.org(), run, "ada");
  }

  private List<String> kinds(RunId run) {
    return colony.journal(run).stream().map(r -> r.entry().kind()).toList();
  }

  /** Cancelled at each boundary, from within, so that nothing can hide in between. */
  @Test
  void at_no_boundary_does_a_step_start_after_the_cancel() {
    Map<RunId, Boundary> wanted = new ConcurrentHashMap<>();
    Boundary.Probe probe =
        (boundary, _) -> wanted.forEach((run, place) -> cancelIfAt(run, place, boundary));
    colony.working(s -> s.with(probe));
    for (Boundary boundary : Stream.of(Boundary.values()).filter(b -> !b.waits()).toList()) {
      RunId run = RunId.next();
      wanted.clear();
      wanted.put(run, boundary);
      queue(run, "chat " + boundary);
      Run over = colony.over(run);
      if (boundary == Boundary.REPLIED) {
        assertThat(over.status().state()).isEqualTo(RunState.DONE);
      } else {
        assertThat(over.status().state()).as("at %s", boundary).isEqualTo(RunState.CANCELLED);
      }
      assertThat(kinds(run)).as("at %s", boundary).endsWith("run.finished");
    }
  }

  private void cancelIfAt(RunId run, Boundary place, Boundary boundary) {
    if (place == boundary) {
      cancel(run);
    }
  }

  private void queue(RunId id, String conversation) {
    NewRun run =
        new NewRun(
            id,
            rook.id(),
            dev.rookery.kernel.ActivationId.next(),
            conversation,
            new NewRun.Nature("turn", 0, true),
            Duration.ZERO,
            Duration.ofDays(1));
    Runs.Input input =
        new Runs.Input(
            dev.rookery.kernel.EventId.next(), "work", new Runs.Speaker("test:ada", true));
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              var line = Colony.line(conversation, "work");
              colony.house().conversations.note(tx, colony.org(), line);
              colony.house().runs.queue(tx, colony.org(), run, List.of(input));
              return id;
            });
  }

  @Test
  void of_many_interleavings_none_starts_a_tool_after_the_cancel_commits() {
    colony.working();
    Random luck = new Random(42);
    List<RunId> runs = new ArrayList<>();
    for (int i = 0; i < INTERLEAVINGS; i++) {
      RunId run = RunId.next();
      queue(run, "chat " + i);
      runs.add(run);
      if (luck.nextInt(3) > 0) {
        RunId victim = runs.get(runs.size() - 1 - luck.nextInt(Math.min(4, runs.size())));
        Thread.ofVirtual().start(() -> cancel(victim));
      }
    }

    runs.forEach(colony::over);

    long cancelled = 0;
    for (RunId run : runs) {
      List<String> kinds = kinds(run);
      assertThat(kinds).endsWith("run.finished").containsOnlyOnce("run.finished");
      List<JournalRecord> started =
          colony.journal(run).stream()
              .filter(r -> r.entry().kind().equals("step.started"))
              .filter(r -> r.entry().data().path("kind").asText().equals("tool"))
              .toList();
      assertThat(acts.getOrDefault(run.value(), 0)).isLessThanOrEqualTo(started.size());
      boolean done = colony.run(run).status().state() == RunState.DONE;
      cancelled += done ? 0 : 1;
      if (done) {
        assertThat(acts).containsEntry(run.value(), 3);
      }
    }
    assertThat(cancelled).as("some were cancelled").isPositive();
  }

  @Test
  void a_queued_run_is_cancelled_and_never_starts() {
    RunId run = tell("chat", "work");

    assertThat(cancel(run)).isEqualTo(Cancelled.CANCELLED);
    assertThat(cancel(run)).isEqualTo(Cancelled.ALREADY_DONE);
    colony.working();
    assertThat(colony.ask(rook, "chat", "hello").status().state()).isEqualTo(RunState.DONE);

    assertThat(kinds(run)).doesNotContain("run.started").endsWith("run.finished");
    assertThat(colony.said("chat")).containsExactly("Stopped: cancelled by ada.", "Done.");
  }

  @Test
  void a_model_call_and_a_tool_call_are_stopped_at_once() {
    RunId thinking = tell("one", "slowly");
    RunId acting = tell("two", "hold");
    RunWorkers workers = colony.working();
    Together.await(held);
    colony.until("it thinks", () -> kinds(thinking).contains("step.started"));

    Stream.of(thinking, acting).forEach(this::cancel);

    colony.until("both threads are free", () -> workers.active() == 0);
    Runs.Detail detail = colony.house().runs.detail(colony.org(), acting);
    assertThat(detail.steps().stream().map(s -> s.step().state()))
        .as("model, the held tool, the tool after it")
        .containsExactly(StepState.DONE, StepState.UNKNOWN, StepState.SKIPPED);
    assertThat(acts).isEmpty();
    assertThat(colony.run(thinking).status().state()).isEqualTo(RunState.CANCELLED);
    assertThat(colony.said("two")).containsExactly("Stopped: cancelled by ada.");
  }

  /** A door to the same runs that no worker listens at. */
  private Runs otherNode() {
    House house = colony.house();
    Approvals approvals =
        new Approvals(
            colony.database(),
            house.journal,
            new Approvals.Places(house.conversations, house.outbox),
            (_, _, _, _) -> "");
    return new Runs(
        colony.database(), house.journal, house.outbox, new Runs.Gates(approvals, house.spend));
  }

  @Test
  void what_another_node_cancels_is_stopped_here_before_its_lease_ends() {
    assumeThat(colony.database().dialect())
        .as("SQLite serves one node")
        .isEqualTo(Dialect.POSTGRESQL);
    RunId acting = tell("two", "hold");
    RunWorkers workers = colony.working();
    Together.await(held);

    otherNode().cancel(colony.org(), acting, "ada");

    colony.until("the thread is free", () -> workers.active() == 0);
  }

  @Test
  void a_command_stops_what_runs_in_its_conversation_and_nothing_else() {
    RunId here = tell("here", "hold");
    RunId queued = tell("there", "work");
    RunWorkers workers = colony.working(s -> s);
    Together.await(held);
    Inbound line = Colony.line("here", "/stop");

    colony.accept(
        rook,
        new Inbound(
            line.origin(),
            "command",
            line.dedupeKey(),
            line.place(),
            line.actor(),
            line.occurredAt(),
            new Inbound.Content("/stop", true, "stop", List.of()),
            line.payload()));

    assertThat(colony.over(here).status().state()).isEqualTo(RunState.CANCELLED);
    assertThat(colony.over(queued).status().state()).isEqualTo(RunState.DONE);
    colony.until("the threads are free", () -> workers.active() == 0);
    assertThat(colony.said("here")).containsExactly("Stopped: cancelled by Ada (/stop).");
  }

  @Test
  void a_parked_run_is_cancelled_without_waiting_for_its_time() {
    RunId run = tell("chat", "limited");
    colony.working();
    colony.until(
        "it is parked", () -> "model_rate_limited".equals(colony.run(run).status().waitReason()));

    cancel(run);

    assertThat(colony.run(run).status().state()).isEqualTo(RunState.CANCELLED);
    assertThat(colony.run(run).status().waitReason()).isNull();
  }

  @Test
  void a_run_that_is_done_stays_done() {
    colony.working();
    RunId run = colony.ask(rook, "chat", "hello").id();

    assertThat(cancel(run)).isEqualTo(Cancelled.ALREADY_DONE);
    assertThat(colony.run(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.said("chat")).containsExactly("Done.");
  }

  @Test
  void an_unknown_run_is_refused() {
    assertThatThrownBy(() -> cancel(RunId.next()))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo("run-not-found"));
  }
}
