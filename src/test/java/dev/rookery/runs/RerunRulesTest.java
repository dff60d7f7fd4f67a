package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ToolCall;
import dev.rookery.tools.EffectClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a run can be begun again. */
final class RerunRulesTest {
  private static final Run.Status DONE = new Run.Status(RunState.DONE, null, null, "replied");
  private static final Run.Status CANCELLED =
      new Run.Status(RunState.CANCELLED, null, "cancelled", "stopped");

  private final List<Step> steps = new ArrayList<>();
  private final List<ModelMessage> messages = new ArrayList<>();

  private void step(Step.Kind kind, StepState state, boolean failed) {
    steps.add(
        new Step(
            steps.size() + 1,
            kind,
            state,
            "x",
            kind == Step.Kind.TOOL ? "same-id" : null,
            EffectClass.UNSAFE,
            new Step.Body("k", "{}", "r", failed),
            1));
  }

  private void line(String text) {
    messages.add(new ModelMessage.User(text));
  }

  private void answer(int calls) {
    step(Step.Kind.MODEL, StepState.DONE, false);
    messages.add(
        new ModelMessage.Assistant(
            "a",
            java.util.stream.IntStream.range(0, calls)
                .mapToObj(_ -> new ToolCall("same-id", "x", Json.object()))
                .toList()));
  }

  private void result(boolean failed) {
    step(Step.Kind.TOOL, StepState.DONE, failed);
    messages.add(new ModelMessage.ToolAnswer("same-id", "x", "r", failed));
  }

  private void reply() {
    step(Step.Kind.REPLY, StepState.DONE, false);
  }

  private RerunRules.Past past(Run.Status status) {
    return new RerunRules.Past(RunId.next(), status, steps, messages);
  }

  /** hello · two calls · answer · reply · more · answer · reply. */
  private void twoTurns() {
    line("hello");
    answer(2);
    result(false);
    result(true);
    answer(0);
    reply();
    line("more");
    answer(0);
    reply();
  }

  private void cutsTo(int from, int kept, int lines, int anew) {
    RerunRules.Cut cut = RerunRules.cut(past(DONE), from);
    assertThat(List.of(cut.messages(), cut.lines(), cut.anew().size()))
        .as("from step %d", from)
        .containsExactly(kept, lines, anew);
  }

  @Test
  void every_step_of_a_finished_run_leaves_a_valid_history() {
    twoTurns();
    cutsTo(1, 1, 1, 0);
    cutsTo(2, 2, 1, 2);
    cutsTo(3, 3, 1, 1);
    cutsTo(4, 4, 1, 0);
    cutsTo(5, 5, 1, 0);
    cutsTo(6, 6, 2, 0);
    cutsTo(7, 7, 2, 0);
    cutsTo(8, 7, 2, 0);
  }

  @Test
  void nothing_goes_on_after_a_step_without_a_result() {
    line("hello");
    answer(2);
    step(Step.Kind.TOOL, StepState.UNKNOWN, false);
    step(Step.Kind.TOOL, StepState.SKIPPED, false);
    RerunRules.Past past = past(CANCELLED);
    assertThat(RerunRules.first(past, false)).isEqualTo(2);
    assertThat(RerunRules.cut(past, 2).anew()).hasSize(2);
    assertThatThrownBy(() -> RerunRules.cut(past, 3))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.code()).isEqualTo("step-not-reached"));
  }

  @Test
  void where_it_begins_when_nobody_says() {
    twoTurns();
    assertThat(RerunRules.first(past(DONE), false)).isEqualTo(3);
    assertThat(RerunRules.first(past(DONE), true)).isEqualTo(8);
    assertThat(RerunRules.first(past(CANCELLED), false)).isEqualTo(8);
    steps.clear();
    assertThat(RerunRules.first(past(DONE), false)).isEqualTo(1);
  }

  @Test
  void a_run_that_said_everything_has_nothing_to_do() {
    twoTurns();
    RerunRules.Past past = past(DONE);
    assertThat(RerunRules.moves(past, RerunRules.cut(past, 8), 0)).isFalse();
    assertThat(RerunRules.moves(past, RerunRules.cut(past, 8), 1)).isTrue();
    for (int from = 1; from < 8; from++) {
      assertThat(RerunRules.moves(past, RerunRules.cut(past, from), 0)).as("" + from).isTrue();
    }
  }
}
