package dev.rookery.runs;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import java.util.List;

/**
 * From where a run can be begun again, and what its copy starts with. Pure. A history is valid when
 * every call of a model's answer that it holds is answered, or is still to be made.
 */
final class RerunRules {
  private RerunRules() {}

  /** What is journaled of the run that is repeated. */
  record Past(RunId run, Run.Status status, List<Step> steps, List<ModelMessage> messages) {
    Past {
      steps = List.copyOf(steps);
      messages = List.copyOf(messages);
    }

    /** Tool calls are made and answered in order. */
    private long answers() {
      return messages.stream().filter(ModelMessage.ToolAnswer.class::isInstance).count();
    }
  }

  /**
   * What the new run starts with.
   *
   * @param from steps before it are copied
   * @param messages how many are copied
   * @param lines how many of these are lines of people
   * @param anew calls from {@code from} on, of the same model's answer, which are to be made anew
   */
  record Cut(int from, int messages, int lines, List<Step> anew) {
    Cut {
      anew = List.copyOf(anew);
    }

    /** Whether something that a model said is copied. */
    boolean holdsAnswers() {
      return messages > lines;
    }
  }

  /**
   * Where it begins when nobody says: at the first step without a result; else, with a new line or
   * when the run ended badly, after its last step; else at the first call that failed; else at the
   * beginning.
   */
  static int first(Past past, boolean newLine) {
    for (Step step : past.steps()) {
      if (!finished(past, step)) {
        return step.seq();
      }
    }
    boolean goesOn =
        newLine
            || past.status().state() == RunState.CANCELLED
            || (past.status().state() == RunState.FAILED
                && !FailureReason.MODEL_BAD_OUTPUT.label().equals(past.status().failureReason()));
    if (goesOn) {
      return past.steps().size() + 1;
    }
    return past.steps().stream()
        .filter(step -> step.kind() == Step.Kind.TOOL && step.body().failed())
        .findFirst()
        .map(Step::seq)
        .orElse(1);
  }

  /**
   * @throws Refusal {@code bad-from-step} when there is no such step; {@code step-not-reached} when
   *     a step before it has no result
   */
  static Cut cut(Past past, int from) {
    int after = past.steps().size() + 1;
    if (from < 1 || from > after) {
      throw Refusal.badInput(
          "bad-from-step",
          "Run %s has no step %d; from_step is a number from 1 to %d, which goes on after the last.",
          past.run(),
          from,
          after);
    }
    List<Step> before = past.steps().subList(0, from - 1);
    for (Step step : before) {
      if (!finished(past, step)) {
        throw new Refusal(
            Refusal.Kind.CONFLICT,
            "step-not-reached",
            "Step "
                + step.seq()
                + " of run "
                + past.run()
                + " has no result, so nothing can go on after it. Begin at step "
                + step.seq()
                + " or before.");
      }
    }
    List<Step> anew =
        past.steps().subList(from - 1, after - 1).stream()
            .takeWhile(step -> step.kind() == Step.Kind.TOOL)
            .toList();
    return cut(past, before, anew);
  }

  private static Cut cut(Past past, List<Step> before, List<Step> anew) {
    int from = before.size() + 1;
    long answers = before.stream().filter(s -> s.kind() == Step.Kind.MODEL).count();
    long results = before.stream().filter(s -> s.kind() == Step.Kind.TOOL).count();
    boolean midTurn =
        from <= past.steps().size() && past.steps().get(from - 1).kind() != Step.Kind.MODEL;
    int taken = 0;
    int lines = 0;
    for (ModelMessage message : past.messages()) {
      boolean fits =
          switch (message) {
            case ModelMessage.User _ -> !midTurn || answers > 0;
            case ModelMessage.Assistant _ -> answers > 0;
            case ModelMessage.ToolAnswer _ -> results > 0;
          };
      if (!fits) {
        break;
      }
      taken++;
      answers -= message instanceof ModelMessage.Assistant ? 1 : 0;
      results -= message instanceof ModelMessage.ToolAnswer ? 1 : 0;
      lines += message instanceof ModelMessage.User ? 1 : 0;
    }
    return new Cut(from, taken, lines, anew);
  }

  private static boolean finished(Past past, Step step) {
    return switch (step.kind()) {
      case MODEL, REPLY -> step.state() == StepState.DONE;
      case TOOL -> {
        long calls =
            past.steps().stream()
                .filter(s -> s.kind() == Step.Kind.TOOL && s.seq() <= step.seq())
                .count();
        yield over(step.state()) && calls <= past.answers();
      }
    };
  }

  private static boolean over(StepState state) {
    return switch (state) {
      case DONE, FAILED, SKIPPED -> true;
      case PLANNED, STARTED, UNKNOWN -> false;
    };
  }

  /** Whether a run with this beginning has anything to do. */
  static boolean moves(Past past, Cut cut, int openLines) {
    boolean ends =
        cut.from() > 1
            && past.steps().get(cut.from() - 2).kind() == Step.Kind.REPLY
            && past.messages().get(cut.messages() - 1) instanceof ModelMessage.Assistant;
    return openLines > 0 || !cut.anew().isEmpty() || (cut.messages() > 0 && !ends);
  }
}
