package dev.rookery.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import dev.rookery.tools.EffectClass;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The front door to runs that repeat others: retries and forks. The new run's journal begins with
 * copies of what was before a step; they are marked as copies and never performed again. From there
 * on it is a run like any other, so what the first one did after that point may happen again.
 */
public final class Reruns {
  private final Database database;
  private final Journal journal;
  private final Runs runs;

  public Reruns(Database database, Journal journal, Runs runs) {
    this.database = database;
    this.journal = journal;
    this.runs = runs;
  }

  /**
   * A wish to repeat a run.
   *
   * @param fromStep null lets Rookery choose: the first step that has no result; else, with a text
   *     or after a bad end, after the last; else the first call that failed, or the beginning
   * @param text a new line for the agent at the end of what is copied; null for none
   */
  public record Wish(
      Run.Rerun.Kind kind, RunId of, @Nullable Integer fromStep, @Nullable String text) {}

  /**
   * What a rerun would start from.
   *
   * @param repeats steps of the first run from there on that had an effect, or may have had one:
   *     what may happen again
   */
  public record Plan(Run of, int fromStep, List<Step> repeats) {
    public Plan {
      repeats = List.copyOf(repeats);
    }
  }

  /**
   * Looks whether it can be done; changes nothing.
   *
   * @throws Refusal {@code run-not-found}, {@code run-not-over}, {@code bad-from-step}, {@code
   *     step-not-reached} or {@code nothing-to-do}
   */
  public Plan plan(OrgId org, Wish wish) {
    return database.read(
        org,
        tx -> {
          Draft draft =
              draft(tx, RunStore.find(tx, org, wish.of()).orElseThrow(() -> none(wish)), wish);
          return new Plan(
              draft.run(),
              draft.cut().from(),
              withEffects(draft.past().steps(), draft.cut().from()));
        });
  }

  /** Steps from a number on that had an effect outside of the run, or may have had one. */
  public List<Step> effects(OrgId org, RunId run, int fromStep) {
    return database.read(org, tx -> withEffects(StepStore.list(tx, org, run), fromStep));
  }

  private static List<Step> withEffects(List<Step> steps, int fromStep) {
    return steps.stream()
        .filter(step -> step.seq() >= fromStep && step.effect() != EffectClass.PURE)
        .filter(step -> step.attempts() > 0)
        .toList();
  }

  /** A wish that fits. */
  private record Draft(Run run, RerunRules.Past past, RerunRules.Cut cut) {}

  private static Refusal none(Wish wish) {
    return Refusal.notFound("run", wish.of().value());
  }

  private static void refuseUnlessFit(Run run, Wish wish) {
    RunId id = run.id();
    if (run.origin().lineage().child() != null) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "is-a-worker",
          "Run "
              + id
              + " is a worker, bound by the rules of run "
              + run.origin().lineage().parent()
              + ", which started it. Retry or fork that one.");
    }
    if (wish.kind() == Run.Rerun.Kind.RETRY && !run.status().state().over()) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "run-not-over",
          "Run "
              + id
              + " is not over, and only one run goes on at a time in a conversation. Cancel it first, or"
              + " fork it.");
    }
  }

  private static Draft draft(Tx tx, Run run, Wish wish) {
    OrgId org = run.org();
    RunId id = run.id();
    refuseUnlessFit(run, wish);
    RerunRules.Past past =
        new RerunRules.Past(
            id, run.status(), StepStore.list(tx, org, id), MessageStore.list(tx, org, id));
    Integer wanted = wish.fromStep();
    int from = wanted == null ? RerunRules.first(past, wish.text() != null) : wanted;
    RerunRules.Cut cut = RerunRules.cut(past, from);
    int lines = wish.text() == null ? 0 : 1;
    if (wish.kind() == Run.Rerun.Kind.RETRY) {
      lines += MessageStore.inputs(tx, org, id) - cut.lines();
    }
    if (!RerunRules.moves(past, cut, lines)) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "nothing-to-do",
          "Run "
              + id
              + " answered everything before step "
              + from
              + ". Begin at an earlier step, or fork it with a new text.");
    }
    return new Draft(run, past, cut);
  }

  /**
   * The new run.
   *
   * @param conversation where it goes on
   * @param input the event that asked for it, with the new line if there is one
   */
  public record Order(ActivationId activation, String conversation, Runs.Input input) {}

  /**
   * Queues the new run. For dispatch only, as {@link Runs#queue}. What is refused changes nothing.
   *
   * @throws Refusal as {@link #plan}
   */
  public RunId queue(Tx tx, OrgId org, Wish wish, Order order, Duration deadline) {
    Draft draft = draft(tx, RunStore.lock(tx, org, wish.of()).orElseThrow(() -> none(wish)), wish);
    Run first = draft.run();
    RunId run = RunId.next();
    Run.Rerun rerun = new Run.Rerun(wish.kind(), first.id(), draft.cut().from());
    Set<String> only = first.origin().onlyTools();
    NewRun.Nature nature =
        new NewRun.Nature("turn", 0, true, only == null ? null : List.copyOf(only));
    NewRun queued =
        new NewRun(
            run,
            first.agent(),
            order.activation(),
            order.conversation(),
            nature,
            Duration.ZERO,
            deadline);
    RunStore.insert(tx, org, queued, order.input().speaker().identity());
    RerunStore.mark(tx, org, run, rerun);
    copy(tx, org, run, draft, rerun);
    if (wish.text() != null) {
      MessageStore.insertInput(tx, org, run, order.input());
    }
    ObjectNode data =
        Json.object()
            .put("agent", first.agent().value())
            .put("activation", order.activation().value())
            .put("event", order.input().event().value())
            .put(wish.kind().label() + "_of", first.id().value())
            .put("from_step", rerun.fromStep());
    journal.append(
        tx,
        org,
        new JournalEntry("run.queued", run.value(), order.conversation(), data).of(first.agent()));
    tx.afterCommit(runs.listeners()::ready);
    return run;
  }

  private static void copy(Tx tx, OrgId org, RunId run, Draft draft, Run.Rerun rerun) {
    RerunRules.Cut cut = draft.cut();
    RunId first = rerun.of();
    RerunStore.copySteps(tx, org, run, rerun);
    for (Step step : cut.anew()) {
      Step.Body body =
          new Step.Body(
              IdempotencyKeys.anew(step.body().idemKey(), run), step.body().request(), null, false);
      StepStore.insert(tx, org, run, planned(step, body), 0);
    }
    RerunStore.copyMessages(tx, org, run, new RerunStore.Beginning(first, cut.messages()));
    RerunStore.copyInputs(
        tx,
        org,
        run,
        new RerunStore.Beginning(first, cut.lines()),
        rerun.kind() == Run.Rerun.Kind.RETRY);
    Taint held = RerunStore.held(tx, org, run);
    RunStore.taint(
        tx, org, run, cut.holdsAnswers() ? held.with(RunStore.taint(tx, org, first)) : held);
  }

  private static Step planned(Step step, Step.Body body) {
    return new Step(
        step.seq(),
        step.kind(),
        StepState.PLANNED,
        step.name(),
        step.callId(),
        step.effect(),
        body,
        0);
  }

  /** Which steps and messages of a run are copies, by number. */
  public record Copies(List<Integer> steps, List<Integer> messages) {
    public static final Copies NONE = new Copies(List.of(), List.of());

    public Copies {
      steps = List.copyOf(steps);
      messages = List.copyOf(messages);
    }
  }

  public Copies copies(OrgId org, Run run) {
    return run.origin().rerun() == null
        ? Copies.NONE
        : database.read(
            org,
            tx ->
                new Copies(
                    RerunStore.copiedSteps(tx, org, run.id()),
                    RerunStore.copiedMessages(tx, org, run.id())));
  }
}
