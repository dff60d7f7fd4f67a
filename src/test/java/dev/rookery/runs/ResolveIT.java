package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.runs.Runs.Cancelled;
import dev.rookery.runs.Runs.Resolution;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An action of which nobody knows whether it happened: held, asked about once, and decided. */
@BothEngines
final class ResolveIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "twice"}}
          then: {tool_calls: [{tool: send}, {tool: send}]}
        - when: {user_text: {contains: "send"}}
          then: {tool_calls: [{tool: send}]}
        - when: {user_text: {contains: "post"}}
          then: {tool_calls: [{tool: post}]}
        - then: {text: "It says: {{tool_result}}"}
      """;

  private final TestDatabase db;
  private final AtomicInteger sends = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean broken = true;
  private volatile Tool.Found found = new Tool.Found.CannotTell();
  private final Colony colony;
  private final Agent rook;

  ResolveIT(TestDatabase db) {
    this.db = db;
    this.colony =
        Colony.scripted(
                db.database(),
                SCRIPT,
                TestTool.of("send", EffectClass.UNSAFE, _ -> effect()),
                new TestTool("post", EffectClass.RECONCILABLE, _ -> effect(), _ -> look()))
            .dispatching();
    this.rook = colony.agent("rook");
    colony.working();
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Tool.ToolResult effect() {
    int number = sends.incrementAndGet();
    if (broken) {
      throw new Tool.OutcomeUnknown("The connection broke.");
    }
    return Tool.ToolResult.ok("sent " + number);
  }

  private Tool.Found look() {
    looks.incrementAndGet();
    return found;
  }

  private RunId waiting(String text) {
    RunId run = colony.runOf(colony.tell(rook, "chat", text));
    untilItWaits(run);
    return run;
  }

  private void untilItWaits(RunId run) {
    colony.until(
        "it waits for a person",
        () -> colony.run(run).status().state() == RunState.WAITING_PERMISSION);
  }

  private void resolve(RunId run, int seq, Resolution resolution) {
    colony.house().runs.resolve(colony.org(), run, seq, resolution, "ada");
  }

  private Step step(RunId run, int seq) {
    return colony.house().runs.detail(colony.org(), run).steps().get(seq - 1).step();
  }

  @Test
  void it_waits_without_a_thread_and_asks_once() {
    RunId run = waiting("send");

    assertThat(colony.run(run).status().waitReason()).isEqualTo("unknown_outcome");
    assertThat(colony.run(run).lease().owner()).isNull();
    assertThat(step(run, 2).state()).isEqualTo(StepState.UNKNOWN);
    assertThat(colony.said("chat"))
        .singleElement()
        .asString()
        .contains("`send`", "The connection broke.", run.value());
    assertThat(sends).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "HAPPENED, DONE, It says: A person confirmed that this happened., 1",
    "SKIP, SKIPPED, It says: A person decided to skip this; it is not done., 1",
    "RETRY, DONE, It says: sent 2, 2"
  })
  void the_decision_is_carried_out_and_the_model_is_told(
      Resolution resolution, StepState state, String reply, int calls) {
    RunId run = waiting("send");
    broken = false;

    resolve(run, 2, resolution);

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(step(run, 2).state()).isEqualTo(state);
    assertThat(sends).hasValue(calls);
    assertThat(colony.said("chat")).hasSize(2).endsWith(reply);
    List<ModelMessage> messages = colony.house().runs.detail(colony.org(), run).said();
    assertThat(messages.get(2))
        .isInstanceOfSatisfying(
            ModelMessage.ToolAnswer.class,
            answer -> assertThat(answer.error()).isEqualTo(resolution == Resolution.SKIP));
  }

  @Test
  void a_retry_that_breaks_again_is_asked_about_again() {
    RunId run = waiting("send");

    resolve(run, 2, Resolution.RETRY);
    colony.until("it was tried again", () -> sends.get() == 2);
    untilItWaits(run);

    broken = false;
    resolve(run, 2, Resolution.HAPPENED);
    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(sends).hasValue(2);
  }

  @Test
  void each_of_two_unknown_calls_gets_its_own_decision() {
    RunId run = waiting("twice");
    resolve(run, 2, Resolution.HAPPENED);
    colony.until("the second was tried", () -> sends.get() == 2);
    untilItWaits(run);
    resolve(run, 3, Resolution.SKIP);

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(step(run, 2).state()).isEqualTo(StepState.DONE);
    assertThat(step(run, 3).state()).isEqualTo(StepState.SKIPPED);
    assertThat(sends).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource(Resolution.class)
  void only_an_unknown_step_is_decided_and_only_once(Resolution resolution) {
    RunId run = waiting("send");

    for (int wrong : List.of(0, 1, 3, 99)) {
      assertRefused(run, wrong, resolution);
    }
    broken = false;
    resolve(run, 2, Resolution.SKIP);
    colony.over(run);
    assertRefused(run, 2, resolution);
    assertThatThrownBy(() -> resolve(RunId.next(), 2, resolution))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo("run-not-found"));
    assertThat(sends).hasValue(1);
  }

  private void assertRefused(RunId run, int seq, Resolution resolution) {
    assertThatThrownBy(() -> resolve(run, seq, resolution))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo("not-unknown"));
  }

  @Test
  void a_run_that_waits_may_be_cancelled_and_is_then_not_decided() {
    RunId run = waiting("send");

    assertThat(colony.house().runs.cancel(colony.org(), run, "ada")).isEqualTo(Cancelled.CANCELLED);

    assertRefused(run, 2, Resolution.RETRY);
    assertThat(colony.run(run).status().state()).isEqualTo(RunState.CANCELLED);
    assertThat(sends).hasValue(1);
  }

  @Test
  void what_nobody_decides_fails_at_the_deadline() {
    RunId run = waiting("send");

    db.clock().advance(Duration.ofHours(25));

    Run over = colony.over(run);
    assertThat(over.status().failureReason()).isEqualTo("deadline");
    assertThat(step(run, 2).state()).as("still honest").isEqualTo(StepState.UNKNOWN);
    assertThat(sends).hasValue(1);
  }

  @Test
  void a_reconcilable_call_is_looked_up_first() {
    found = new Tool.Found.Happened(Tool.ToolResult.ok("found it"));

    Run over = colony.ask(rook, "chat", "post");

    assertThat(over.status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.said("chat")).containsExactly("It says: found it");
    assertThat(sends).hasValue(1);
    assertThat(looks).hasValue(1);
  }

  @Test
  void one_that_is_certainly_absent_is_made_again_three_times_and_then_asked_about() {
    found = new Tool.Found.Absent();

    RunId run = waiting("post");

    assertThat(sends).hasValue(3);
    assertThat(step(run, 2).attempts()).isEqualTo(3);
  }

  @Test
  void one_that_cannot_be_looked_up_is_asked_about() {
    waiting("post");

    assertThat(sends).hasValue(1);
  }
}
