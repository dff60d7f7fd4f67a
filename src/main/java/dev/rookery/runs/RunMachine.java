package dev.rookery.runs;

import dev.rookery.tools.EffectClass;
import java.util.List;

/**
 * Decides what a run does next from what its journal says. Pure: the same journal gives the same
 * decision.
 */
final class RunMachine {
  private RunMachine() {}

  /** The journal of a run, as far as decisions need it. Steps in order of their numbers. */
  record View(RunState state, List<Step> steps, Tail tail, int openInputs, Bounds bounds) {
    View {
      steps = List.copyOf(steps);
    }
  }

  /** Whose words are last. */
  enum Tail {
    NOTHING,
    USER,
    TOOLS,
    ASSISTANT
  }

  /**
   * What limits a run.
   *
   * @param awaitedMoney whether it waited for a budget until now
   */
  record Bounds(boolean pastDeadline, boolean awaitedMoney, int maxModelCalls) {}

  static Next next(View view) {
    if (view.state().over()) {
      return new Next.Nothing();
    }
    if (view.bounds().pastDeadline()) {
      return view.bounds().awaitedMoney()
          ? new Next.Fail(
              FailureReason.BUDGET_EXHAUSTED, "Its deadline passed while it waited for money.")
          : new Next.Fail(FailureReason.DEADLINE, "The deadline of this run has passed.");
    }
    for (Step step : view.steps()) {
      switch (step.state()) {
        case STARTED -> {
          return new Next.Recover(step, recovery(step));
        }
        case UNKNOWN -> {
          return new Next.AskWhatHappened(step);
        }
        case PLANNED -> {
          return step.kind() == Step.Kind.TOOL ? new Next.Act(step) : new Next.Think(step.seq());
        }
        case DONE, FAILED, SKIPPED -> {}
      }
    }
    return afterTheSteps(view);
  }

  private static Next afterTheSteps(View view) {
    return switch (view.tail()) {
      case ASSISTANT -> replied(view) ? new Next.Absorb() : new Next.Reply();
      case NOTHING ->
          view.openInputs() > 0
              ? new Next.Absorb()
              : new Next.Fail(FailureReason.BUG, "The run has nothing to answer.");
      case USER, TOOLS -> view.openInputs() > 0 ? new Next.Absorb() : think(view);
    };
  }

  /** A reply ends the run unless new lines came, which are then taken in. */
  private static boolean replied(View view) {
    return !view.steps().isEmpty() && view.steps().getLast().kind() == Step.Kind.REPLY;
  }

  private static Next think(View view) {
    long asked = view.steps().stream().filter(s -> s.kind() == Step.Kind.MODEL).count();
    if (asked >= view.bounds().maxModelCalls()) {
      return new Next.Fail(
          FailureReason.MODEL_BAD_OUTPUT,
          "The model was asked " + asked + " times and still did not come to an end.");
    }
    return new Next.Think(view.steps().size() + 1);
  }

  private static Next.Recovery recovery(Step step) {
    return switch (step.kind()) {
      case MODEL, REPLY -> Next.Recovery.RUN_AGAIN;
      case TOOL -> recovery(step.effect());
    };
  }

  static Next.Recovery recovery(EffectClass effect) {
    return switch (effect) {
      case PURE, KEYED -> Next.Recovery.RUN_AGAIN;
      case RECONCILABLE -> Next.Recovery.LOOK_THEN_RUN;
      case SANDBOX -> Next.Recovery.LOOK_ELSE_UNKNOWN;
      case UNSAFE -> Next.Recovery.UNKNOWN;
    };
  }
}
