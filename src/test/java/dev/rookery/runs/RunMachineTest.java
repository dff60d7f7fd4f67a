package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.runs.Next.Recovery;
import dev.rookery.runs.RunMachine.Bounds;
import dev.rookery.runs.RunMachine.Tail;
import dev.rookery.runs.RunMachine.View;
import dev.rookery.tools.EffectClass;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RunMachineTest {
  private static final Bounds WIDE = new Bounds(false, false, 50);

  private static Next next(Tail tail, int openInputs, Step... steps) {
    return RunMachine.next(new View(RunState.RUNNING, List.of(steps), tail, openInputs, WIDE));
  }

  @ParameterizedTest
  @EnumSource(
      value = RunState.class,
      names = {"DONE", "FAILED", "CANCELLED"})
  void a_run_that_is_over_does_nothing_whatever_its_journal_says(RunState over) {
    List<Step> steps = List.of(Steps.tool(1, StepState.PLANNED, EffectClass.PURE));

    assertThat(RunMachine.next(new View(over, steps, Tail.USER, 3, new Bounds(true, false, 0))))
        .isEqualTo(new Next.Nothing());
  }

  @Test
  void past_its_deadline_a_run_fails_before_anything_else() {
    List<Step> steps = List.of(Steps.tool(1, StepState.STARTED, EffectClass.UNSAFE));

    assertThat(
            RunMachine.next(
                new View(RunState.RUNNING, steps, Tail.TOOLS, 1, new Bounds(true, false, 9))))
        .isInstanceOfSatisfying(
            Next.Fail.class, fail -> assertThat(fail.reason()).isEqualTo(FailureReason.DEADLINE));
  }

  @Test
  void a_deadline_that_passes_while_it_waits_for_money_is_the_budgets() {
    View view = new View(RunState.RUNNING, List.of(), Tail.USER, 1, new Bounds(true, true, 9));

    assertThat(RunMachine.next(view))
        .isInstanceOfSatisfying(
            Next.Fail.class,
            fail -> assertThat(fail.reason()).isEqualTo(FailureReason.BUDGET_EXHAUSTED));
  }

  @ParameterizedTest
  @CsvSource({
    "PURE, RUN_AGAIN",
    "KEYED, RUN_AGAIN",
    "RECONCILABLE, LOOK_THEN_RUN",
    "SANDBOX, LOOK_ELSE_UNKNOWN",
    "UNSAFE, UNKNOWN"
  })
  void a_tool_that_a_crash_left_started_is_recovered_by_its_class(
      EffectClass effect, Recovery recovery) {
    Step started = Steps.tool(1, StepState.STARTED, effect);

    assertThat(next(Tail.ASSISTANT, 0, started)).isEqualTo(new Next.Recover(started, recovery));
  }

  @Test
  void a_model_call_that_a_crash_left_started_runs_again() {
    Step started = Steps.model(1, StepState.STARTED);

    assertThat(next(Tail.USER, 0, started))
        .isEqualTo(new Next.Recover(started, Recovery.RUN_AGAIN));
  }

  @Test
  void a_person_is_asked_about_an_unknown_step_before_later_ones_go_on() {
    Step unknown = Steps.tool(2, StepState.UNKNOWN, EffectClass.UNSAFE);

    assertThat(
            next(
                Tail.ASSISTANT,
                0,
                Steps.model(1, StepState.DONE),
                unknown,
                Steps.tool(3, StepState.PLANNED, EffectClass.PURE)))
        .isEqualTo(new Next.AskWhatHappened(unknown));
  }

  @Test
  void planned_calls_are_made_in_their_order_before_new_lines_are_taken_in() {
    Step second = Steps.tool(3, StepState.PLANNED, EffectClass.KEYED);

    assertThat(
            next(
                Tail.TOOLS,
                2,
                Steps.model(1, StepState.DONE),
                Steps.tool(2, StepState.SKIPPED, EffectClass.PURE),
                second,
                Steps.tool(4, StepState.PLANNED, EffectClass.PURE)))
        .isEqualTo(new Next.Act(second));
  }

  @Test
  void a_planned_model_call_is_made_with_its_own_number() {
    assertThat(next(Tail.USER, 1, Steps.model(1, StepState.PLANNED))).isEqualTo(new Next.Think(1));
  }

  @Test
  void new_lines_are_taken_in_before_the_model_is_asked() {
    assertThat(next(Tail.NOTHING, 1)).isEqualTo(new Next.Absorb());
    assertThat(next(Tail.USER, 1)).isEqualTo(new Next.Absorb());
    assertThat(next(Tail.TOOLS, 1, Steps.model(1, StepState.DONE))).isEqualTo(new Next.Absorb());
    assertThat(next(Tail.USER, 0)).isEqualTo(new Next.Think(1));
    assertThat(next(Tail.TOOLS, 0, Steps.model(1, StepState.DONE))).isEqualTo(new Next.Think(2));
  }

  @Test
  void last_words_are_said_even_when_new_lines_wait_and_these_are_taken_in_afterwards() {
    Step asked = Steps.model(1, StepState.DONE);

    assertThat(next(Tail.ASSISTANT, 1, asked)).isEqualTo(new Next.Reply());
    assertThat(next(Tail.ASSISTANT, 1, asked, Steps.reply(2))).isEqualTo(new Next.Absorb());
    assertThat(next(Tail.USER, 0, asked, Steps.reply(2))).isEqualTo(new Next.Think(3));
  }

  @Test
  void a_run_with_nothing_to_answer_is_a_bug_not_a_hang() {
    assertThat(next(Tail.NOTHING, 0))
        .isInstanceOfSatisfying(
            Next.Fail.class, fail -> assertThat(fail.reason()).isEqualTo(FailureReason.BUG));
  }

  @Test
  void a_model_that_does_not_come_to_an_end_is_stopped() {
    Step[] asked =
        IntStream.rangeClosed(1, 50)
            .mapToObj(seq -> Steps.model(seq, StepState.DONE))
            .toArray(Step[]::new);

    assertThat(next(Tail.TOOLS, 0, asked))
        .isInstanceOfSatisfying(
            Next.Fail.class,
            fail -> assertThat(fail.reason()).isEqualTo(FailureReason.MODEL_BAD_OUTPUT));
  }

  @Property
  void no_journal_starts_a_step_that_is_over(@ForAll("views") View view) {
    switch (RunMachine.next(view)) {
      case Next.Act(Step step) -> assertThat(step.state()).isEqualTo(StepState.PLANNED);
      case Next.Recover(Step step, _) -> assertThat(step.state()).isEqualTo(StepState.STARTED);
      case Next.AskWhatHappened(Step step) -> assertThat(step.state()).isEqualTo(StepState.UNKNOWN);
      case Next.Think(int seq) when seq <= view.steps().size() -> {
        Step step = view.steps().get(seq - 1);
        assertThat(step.kind()).isNotEqualTo(Step.Kind.TOOL);
        assertThat(step.state()).isEqualTo(StepState.PLANNED);
      }
      case Next.Think(int seq) -> assertThat(seq).isEqualTo(view.steps().size() + 1);
      case Next.Nothing() -> assertThat(view.state().over()).isTrue();
      case Next.Absorb(), Next.Reply() ->
          assertThat(view.steps())
              .noneMatch(s -> s.state() == StepState.PLANNED || s.state() == StepState.STARTED);
      case Next.Fail _ -> assertThat(view.state().over()).isFalse();
    }
  }

  @Property
  void the_same_journal_gives_the_same_decision(@ForAll("views") View view) {
    View copy = new View(view.state(), view.steps(), view.tail(), view.openInputs(), view.bounds());

    assertThat(RunMachine.next(copy)).isEqualTo(RunMachine.next(view));
  }

  @Provide
  Arbitrary<View> views() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.of(Step.Kind.values()),
                Arbitraries.of(StepState.values()),
                Arbitraries.of(EffectClass.values()))
            .as(
                (kind, state, effect) ->
                    new Step(
                        1,
                        kind,
                        state,
                        "name",
                        null,
                        effect,
                        new Step.Body("key", "{}", null, false),
                        1));
    return Combinators.combine(
            Arbitraries.of(RunState.values()),
            step.list().ofMaxSize(8).map(RunMachineTest::numbered),
            Arbitraries.of(Tail.values()),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(WIDE, new Bounds(true, false, 50), new Bounds(false, false, 2)))
        .as(View::new);
  }

  private static List<Step> numbered(List<Step> steps) {
    return IntStream.range(0, steps.size())
        .mapToObj(
            i -> {
              Step s = steps.get(i);
              return new Step(
                  i + 1, s.kind(), s.state(), s.name(), null, s.effect(), s.body(), s.attempts());
            })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, RUNNING",
    "QUEUED, FAILED",
    "QUEUED, CANCELLED",
    "RUNNING, WAITING_PERMISSION",
    "RUNNING, DONE",
    "RUNNING, FAILED",
    "RUNNING, CANCELLED",
    "WAITING_PERMISSION, RUNNING",
    "WAITING_PERMISSION, FAILED",
    "WAITING_PERMISSION, CANCELLED"
  })
  void these_transitions_are_allowed(RunState from, RunState to) {
    assertThat(from.mayBecome(to)).isTrue();
  }

  @Test
  void of_the_36_transitions_no_others_are_allowed() {
    List<RunState> states = List.of(RunState.values());
    long allowed =
        IntStream.range(0, 36).filter(i -> states.get(i / 6).mayBecome(states.get(i % 6))).count();

    assertThat(allowed).isEqualTo(10);
  }
}
