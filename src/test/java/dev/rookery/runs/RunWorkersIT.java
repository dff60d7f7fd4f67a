package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.RunWorkers.Settings;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes at work: who executes what, how often, and what happens when one goes away. */
@BothEngines
final class RunWorkersIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "act"}}
          then: {tool_calls: [{tool: act, arguments: {what: "{{last_user_text}}"}}]}
        - when: {user_text: {contains: "hold"}}
          then: {tool_calls: [{tool: hold}, {tool: act, arguments: {what: "after hold"}}]}
        - when: {user_text: {contains: "slowly"}}
          then: {text: "late", delay_ms: 60000}
        - then: {text: "Done: {{last_user_text}}"}
      """;

  private final TestDatabase db;
  private final Map<String, Integer> acts = new ConcurrentHashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Colony colony;
  private final Agent rook;

  RunWorkersIT(TestDatabase db) {
    this.db = db;
    this.colony =
        Colony.scripted(
                db.database(),
                SCRIPT,
                TestTool.of("act", EffectClass.UNSAFE, this::act),
                TestTool.of("hold", EffectClass.KEYED, this::hold))
            .dispatching();
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    release.countDown();
    colony.close();
  }

  private Tool.ToolResult act(Tool.Call call) {
    acts.merge(call.caller().run() + "#" + call.caller().step(), 1, Integer::sum);
    return Tool.ToolResult.ok("acted");
  }

  private Tool.ToolResult hold(Tool.Call call) {
    held.countDown();
    Together.await(release);
    return Tool.ToolResult.ok("held");
  }

  private RunId tell(String conversation, String text) {
    return colony.runOf(colony.tell(rook, conversation, text));
  }

  @Test
  void two_nodes_execute_every_run_exactly_once() {
    RunWorkers one = colony.working();
    RunWorkers other = colony.working();

    List<RunId> runs = IntStream.range(0, 40).mapToObj(i -> tell("chat " + i, "act " + i)).toList();

    runs.forEach(run -> assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE));
    assertThat(acts).hasSize(40);
    assertThat(acts.values()).containsOnly(1);
    List<String> kinds = colony.journal().stream().map(r -> r.entry().kind()).toList();
    assertThat(kinds.stream().filter("run.started"::equals)).hasSize(40);
    assertThat(kinds).doesNotContain("run.recovered");
    assertThat(kinds.stream().filter("run.finished"::equals)).hasSize(40);
    colony.until("both are idle", () -> one.active() + other.active() == 0);
  }

  @Test
  void runs_of_one_conversation_go_one_after_the_other_in_order() {
    RunId first = tell("chat", "hold");
    List<RunId> queued = new ArrayList<>(List.of(first));
    colony.working();
    Together.await(held);
    for (int i = 0; i < 3; i++) {
      RunId next = RunId.next();
      queue(next, "chat");
      queued.add(next);
    }
    assertThat(queued.stream().skip(1).map(id -> colony.run(id).status().state()))
        .containsOnly(RunState.QUEUED);

    release.countDown();
    colony.over(queued.getLast());

    List<String> order =
        colony.journal().stream()
            .filter(r -> List.of("run.started", "run.finished").contains(r.entry().kind()))
            .map(r -> r.entry().subject())
            .toList();
    List<String> expected =
        queued.stream().flatMap(id -> List.of(id.value(), id.value()).stream()).toList();
    assertThat(order).isEqualTo(expected);
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
            dev.rookery.kernel.EventId.next(), "again", new Runs.Speaker("test:ada", true));
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony.house().runs.queue(tx, colony.org(), run, List.of(input));
              return id;
            });
  }

  @Test
  void when_a_lease_runs_out_another_node_goes_on_and_the_first_may_not_write() {
    RunId run = tell("chat", "hold");
    colony.working();
    Together.await(held);
    long fence = colony.run(run).lease().fence();

    db.clock().advance(Duration.ofSeconds(31));
    colony.working();
    colony.until("it was recovered", () -> kinds(run).contains("run.recovered"));
    release.countDown();
    Run over = colony.over(run);

    assertThat(over.status().state()).isEqualTo(RunState.DONE);
    assertThat(over.lease().fence()).isGreaterThan(fence + 1);
    assertThat(acts.values()).containsExactly(1);
    assertThat(kinds(run).stream().filter("step.finished"::equals))
        .as("two model calls, two tools, one reply")
        .hasSize(5);
    assertThat(colony.said("chat")).containsExactly("Done: hold");
  }

  private List<String> kinds(RunId run) {
    return colony.journal(run).stream().map(JournalRecord::entry).map(e -> e.kind()).toList();
  }

  @Test
  void heartbeats_keep_a_long_run() {
    // A node that starts on SQLite frees what an earlier process held, so both start first.
    colony.working(s -> lease(s, Duration.ofSeconds(3)));
    colony.working(s -> lease(s, Duration.ofSeconds(3)));
    RunId run = tell("chat", "hold");
    Together.await(held);

    for (int beat = 0; beat < 2; beat++) {
      long until = leaseUntil(run);
      db.clock().advance(Duration.ofSeconds(2));
      colony.until("the lease was renewed", () -> leaseUntil(run) > until);
    }
    release.countDown();

    assertThat(colony.over(run).lease().attempts()).isZero();
    assertThat(kinds(run)).doesNotContain("run.recovered");
  }

  private static Settings lease(Settings s, Duration lease) {
    return new Settings(s.node(), s.perNode(), s.perOrg(), s.perAgent(), lease, s.probe());
  }

  private long leaseUntil(RunId run) {
    return colony
        .database()
        .read(
            colony.org(),
            tx ->
                tx.handle()
                    .createQuery("SELECT lease_until FROM run WHERE id = :id")
                    .bind("id", run.value())
                    .mapTo(Long.class)
                    .one());
  }

  @Test
  void a_node_that_stops_finishes_its_step_and_hands_the_run_over() {
    RunId run = tell("chat", "hold");
    RunWorkers first = colony.working();
    Together.await(held);
    Thread closing = Thread.ofPlatform().start(first::close);
    colony.until("it claims no more", () -> !first.loops().getFirst().alive());
    release.countDown();
    join(closing);

    Run between = colony.run(run);
    assertThat(between.status().waitReason()).isEqualTo("handed_over");
    assertThat(between.lease().owner()).isNull();
    colony.working();
    Run over = colony.over(run);

    assertThat(over.status().state()).isEqualTo(RunState.DONE);
    assertThat(over.lease().attempts()).as("nobody vanished").isZero();
    assertThat(acts.values()).containsExactly(1);
    assertThat(colony.said("chat")).containsExactly("Done: hold");
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofSeconds(25))).as("closed within the drain").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_run_that_could_not_start_before_its_deadline_fails_with_a_notice() {
    RunId run = tell("chat", "act");
    db.clock().advance(Duration.ofHours(25));
    colony.working();

    Run over = colony.over(run);

    assertThat(over.status().state()).isEqualTo(RunState.FAILED);
    assertThat(over.status().failureReason()).isEqualTo("deadline");
    assertThat(acts).isEmpty();
    assertThat(colony.said("chat")).singleElement().asString().contains("`deadline`");
  }

  @Test
  void a_deadline_stops_a_model_call_that_is_under_way() {
    RunId run = tell("chat", "slowly");
    colony
        .database()
        .<Integer>write(
            colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "UPDATE run SET deadline = ? WHERE id = ?", tx.now() + 700, run.value()));
    colony.working();

    Run over = colony.over(run);

    assertThat(over.status().failureReason()).isEqualTo("deadline");
    assertThat(colony.said("chat")).singleElement().asString().contains("`deadline`");
  }

  @Test
  void a_run_for_which_its_agent_has_no_place_says_so_and_lets_others_pass() {
    Agent crow = colony.agent("crow");
    RunId holding = tell("one", "hold");
    colony.working(s -> new Settings(s.node(), s.perNode(), s.perOrg(), 1, s.lease(), s.probe()));
    Together.await(held);
    List<RunId> waiting = List.of(tell("two", "x"), tell("three", "x"), tell("four", "x"));
    RunId crows = colony.runOf(colony.tell(crow, "five", "x"));

    assertThat(colony.over(crows).status().state()).isEqualTo(RunState.DONE);
    colony.until(
        "the reason is shown",
        () ->
            waiting.stream()
                .map(id -> colony.run(id).status())
                .allMatch(
                    status ->
                        status.state() == RunState.QUEUED
                            && "capacity_agent".equals(status.waitReason())));
    release.countDown();
    waiting.forEach(id -> assertThat(colony.over(id).status().waitReason()).isNull());
    assertThat(colony.over(holding).status().state()).isEqualTo(RunState.DONE);
  }

  @Test
  void a_run_that_cannot_be_set_up_fails_and_is_not_tried_for_ever() {
    RunId run = tell("chat", "x");
    colony
        .database()
        .<Integer>write(
            colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "INSERT INTO tool (org_id, id, name, description, schema, config, sealed,"
                            + " effect_class, enabled, created_at) VALUES (?, ?, 'broken', 'x', 'not"
                            + " json', 'not json', '{}', 'unsafe', 1, 0)",
                        colony.org().value(),
                        dev.rookery.kernel.ToolId.next().value()));
    colony.working();

    Run over = colony.over(run);

    assertThat(over.status().failureReason()).isEqualTo("bug");
    assertThat(colony.said("chat")).singleElement().asString().contains("`bug`");
  }
}
