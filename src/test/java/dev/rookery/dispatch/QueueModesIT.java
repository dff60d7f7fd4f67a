package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbox;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How lines that come while a run works meet it (spec 01, mode). */
@BothEngines
final class QueueModesIT {
  private static final Duration DEBOUNCE = Duration.ofSeconds(5);
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "hold"}}
          then: {tool_calls: [{tool: hold}]}
        - then: {text: "Last: {{last_user_text}}"}
      """;

  private final TestDatabase db;
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Colony colony;

  QueueModesIT(TestDatabase db) {
    this.db = db;
    this.colony =
        Colony.scripted(db.database(), SCRIPT, TestTool.of("hold", EffectClass.KEYED, _ -> hold()))
            .dispatching();
    colony.working();
  }

  @AfterEach
  void close() {
    release.countDown();
    colony.close();
  }

  private Tool.ToolResult hold() {
    held.countDown();
    Together.await(release);
    return Tool.ToolResult.ok("held");
  }

  /** An agent that is woken by manual calls in this mode only. */
  private Agent agent(Mode mode) {
    Agent agent = colony.agent("rook");
    colony
        .database()
        .<Integer>write(
            colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "DELETE FROM activation_policy WHERE agent_id = ?", agent.id().value()));
    ActivationPolicy usual =
        ActivationPolicy.of(colony.org(), agent.id(), "manual", Trigger.MANUAL);
    colony
        .house()
        .activations
        .add(
            new ActivationPolicy(
                usual.id(),
                usual.org(),
                usual.agent(),
                usual.name(),
                usual.wake(),
                usual.scope(),
                new Timing(mode, DEBOUNCE, Duration.ZERO),
                usual.standing()));
    return agent;
  }

  private RunId tell(Agent agent, String text) {
    return colony.runOf(colony.tell(agent, "chat", text));
  }

  private RunId holding(Agent agent) {
    RunId run = tell(agent, "hold");
    Together.await(held);
    return run;
  }

  private String decision(EventId event) {
    colony.runOf(event);
    return colony.house().activations.ofEvent(colony.org(), event).getFirst().decision();
  }

  private List<String> lines(RunId run) {
    return colony.house().runs.detail(colony.org(), run).said().stream()
        .filter(ModelMessage.User.class::isInstance)
        .map(message -> ((ModelMessage.User) message).text())
        .toList();
  }

  @Test
  void steer_takes_lines_into_the_running_turn_between_two_steps() {
    Agent rook = agent(Mode.STEER);
    RunId run = holding(rook);

    EventId second = colony.tell(rook, "chat", "and this");
    assertThat(colony.runOf(second)).isEqualTo(run);
    assertThat(decision(second)).isEqualTo("steered");
    assertThat(tell(rook, "and that")).isEqualTo(run);
    release.countDown();

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(lines(run)).containsExactly("hold", "and this", "and that");
    assertThat(colony.said("chat")).containsExactly("Last: and that");
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void a_line_that_comes_with_the_last_words_is_answered_too() {
    Agent rook = agent(Mode.STEER);
    List<RunId> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(tell(rook, "line " + i));
    }

    runs.forEach(colony::over);

    List<String> heard = runs.stream().distinct().flatMap(run -> lines(run).stream()).toList();
    assertThat(heard)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "line " + i).toList());
    assertThat(colony.said("chat").getLast()).isEqualTo("Last: line 19");
  }

  @Test
  void a_burst_while_a_run_works_is_one_turn() {
    Agent rook = agent(Mode.STEER);
    RunId run = holding(rook);

    List<RunId> runs = IntStream.range(0, 20).mapToObj(i -> tell(rook, "line " + i)).toList();
    release.countDown();
    colony.over(run);

    assertThat(runs).containsOnly(run);
    assertThat(lines(run)).hasSize(21).endsWith("line 18", "line 19");
    assertThat(colony.said("chat")).containsExactly("Last: line 19");
  }

  @Test
  void followup_gives_each_line_a_run_of_its_own_in_order() {
    Agent rook = agent(Mode.FOLLOWUP);
    RunId first = holding(rook);

    List<RunId> next = List.of(tell(rook, "one"), tell(rook, "two"), tell(rook, "three"));
    assertThat(next).doesNotHaveDuplicates().doesNotContain(first);
    assertThat(next.stream().map(id -> colony.run(id).status().state()))
        .containsOnly(RunState.QUEUED);
    release.countDown();
    next.forEach(colony::over);

    assertThat(colony.said("chat"))
        .containsExactly("Last: hold", "Last: one", "Last: two", "Last: three");
  }

  @Test
  void collect_merges_up_to_ten_lines_and_waits_for_the_debounce() {
    Agent rook = agent(Mode.COLLECT);
    RunId first = holding(rook);

    List<RunId> runs = IntStream.range(0, 12).mapToObj(i -> tell(rook, "line " + i)).toList();
    RunId second = runs.getFirst();
    RunId third = runs.getLast();
    assertThat(runs.subList(0, 10)).containsOnly(second);
    assertThat(runs.subList(10, 12)).containsOnly(third).doesNotContain(second);
    release.countDown();
    Run over = colony.over(first);
    assertThat(over.status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.run(second).status().state())
        .as("its time has not come, however long the first is over")
        .isEqualTo(RunState.QUEUED);

    db.clock().advance(DEBOUNCE);
    colony.over(third);

    assertThat(lines(second)).hasSize(10).startsWith("line 0").endsWith("line 9");
    assertThat(lines(third)).containsExactly("line 10", "line 11");
    assertThat(colony.said("chat")).containsExactly("Last: hold", "Last: line 9", "Last: line 11");
  }

  @Test
  void collect_starts_at_once_when_nothing_is_there_to_wait_for() {
    Agent rook = agent(Mode.COLLECT);

    assertThat(colony.over(tell(rook, "hello")).status().state()).isEqualTo(RunState.DONE);
  }

  @Test
  void ten_deliveries_of_one_fact_at_the_same_moment_are_one_event_and_one_run() {
    Agent rook = agent(Mode.FOLLOWUP);
    var line = Colony.line("chat", "hello");

    List<Inbox.Accepted> accepted = Together.on(10, _ -> colony.accept(rook, line));

    assertThat(accepted.stream().map(Inbox.Accepted::event).distinct()).hasSize(1);
    assertThat(accepted.stream().filter(a -> !a.duplicate())).hasSize(1);
    colony.over(colony.runOf(accepted.getFirst().event()));
    assertThat(colony.runs()).hasSize(1);
    assertThat(colony.said("chat")).containsExactly("Last: hello");
  }
}
