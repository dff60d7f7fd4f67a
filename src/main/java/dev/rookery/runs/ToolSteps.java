package dev.rookery.runs;

import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.homes.HomeTrust;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Action;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Circumstances;
import dev.rookery.policy.Grant;
import dev.rookery.policy.Grants;
import dev.rookery.policy.PolicyDecider;
import dev.rookery.policy.Ruling;
import dev.rookery.policy.Taint;
import dev.rookery.spend.Actual;
import dev.rookery.spend.Purchase;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one claimed run, commit by commit: verdict and start, the wait for a person,
 * the result.
 */
final class ToolSteps {
  private static final Duration PATIENCE = Duration.ofHours(24);

  private final RunLog runLog;
  private final Grants grants;
  private final Funds funds;

  ToolSteps(RunLog runLog, Grants grants) {
    this.runLog = runLog;
    this.grants = grants;
    this.funds = new Funds(runLog, runLog.ground().spend());
  }

  /** What became of a planned call at the gate. */
  sealed interface Passage {
    /** It may be performed now; that is journaled. */
    record Started(Step step) implements Passage {}

    /** It is not performed, and the model is told. */
    record Refused(Step ended, ModelMessage told) implements Passage {}

    /** A person changed the arguments; the step as it is planned now. */
    record Changed(Step planned) implements Passage {}

    /** A person must be asked, and shown a preview. Nothing was written. */
    record NeedsPreview() implements Passage {}

    /** A person is asked; the run waits without a thread. */
    record Waiting() implements Passage {}
  }

  /**
   * What the rules say, the strictest of the run's own agent and of those that it works for.
   *
   * @param askers agents whose rules ask
   */
  private record Judgement(Ruling ruling, List<AgentId> askers) {}

  private Judgement judge(Tx tx, Action action) {
    Run run = runLog.run();
    Ruling strictest = null;
    List<AgentId> askers = new ArrayList<>();
    for (AgentId agent : agents(run)) {
      Ruling ruling =
          PolicyDecider.decide(
              grants.ruleset(tx, org(), agent),
              action,
              new Circumstances(run.origin().attended(), runLog.taint()));
      if (strictest == null || ruling.verdict().compareTo(strictest.verdict()) > 0) {
        strictest = ruling;
      }
      if (ruling.verdict() == Grant.Verdict.ASK) {
        askers.add(agent);
      }
    }
    return new Judgement(Objects.requireNonNull(strictest), askers);
  }

  private static List<AgentId> agents(Run run) {
    List<AgentId> above = run.origin().lineage().agentsAbove();
    if (above.isEmpty()) {
      return List.of(run.agent());
    }
    List<AgentId> all = new ArrayList<>(List.of(run.agent()));
    all.addAll(above);
    return all;
  }

  /**
   * Verdict and {@code started}, or verdict and what follows from it, in one commit that the fence
   * guards: a rule that was changed before it is seen.
   *
   * @param preview for a person, when one is asked; null while it is not known that one is
   */
  Passage pass(Step step, Action action, @Nullable String preview) {
    Passage passage =
        runLog.commit(
            tx -> {
              Judgement judgement = judge(tx, action);
              Ruling ruling = judgement.ruling();
              Passage next =
                  switch (ruling.verdict()) {
                    case ALLOW -> started(tx, step, verdict("allow", ruling));
                    case DENY -> refused(tx, step, verdict("deny", ruling), denied(step, ruling));
                    case ASK -> asked(tx, step, judgement, preview);
                  };
              if (next instanceof Passage.Started && mayMark(action)) {
                homeTrust().mark(tx, org(), runLog.run().agent(), id());
              }
              return next;
            });
    switch (passage) {
      case Passage.Started(Step started) -> runLog.put(started);
      case Passage.Changed(Step planned) -> runLog.put(planned);
      case Passage.Refused(Step ended, ModelMessage told) -> {
        runLog.put(ended);
        runLog.heard(told, Provenance.PERSON);
      }
      case Passage.NeedsPreview(), Passage.Waiting() -> {}
    }
    return passage;
  }

  /** Words of strangers may come into the home with this call. */
  private boolean mayMark(Action action) {
    Set<Capability> can = action.capabilities();
    boolean fromOutside = can.contains(Capability.SHELL_RUN) && !action.staysInside();
    boolean fromTheRun =
        runLog.taint().untrusted()
            && (can.contains(Capability.SHELL_RUN) || can.contains(Capability.FS_WRITE));
    return fromOutside || fromTheRun;
  }

  private HomeTrust homeTrust() {
    return runLog.ground().guards().homeTrust();
  }

  private static String verdict(String word, Ruling ruling) {
    Grant rule = ruling.rule();
    return rule == null ? word : word + ": " + rule.rule();
  }

  private static @Nullable String rule(Ruling ruling) {
    Grant rule = ruling.rule();
    return rule == null ? null : rule.toString();
  }

  private static String denied(Step step, Ruling ruling) {
    return "`"
        + step.name()
        + "` was not run; it is not permitted: "
        + ruling.why()
        + " Find another way, or say what you would need.";
  }

  private Passage asked(Tx tx, Step step, Judgement judgement, @Nullable String preview) {
    Approvals approvals = runLog.ground().approvals();
    Approval.Call call = Approval.Call.of(step.name(), step.body().request());
    Approval earlier = approvals.ofStep(tx, org(), id(), step.seq(), step.name()).orElse(null);
    if (earlier != null) {
      return decided(tx, step, call, earlier);
    }
    List<ApprovalId> standing =
        judgement.askers().stream()
            .flatMap(agent -> approvals.standing(tx, org(), agent, call).stream())
            .toList();
    if (standing.size() == judgement.askers().size()) {
      return started(tx, step, "allow: " + standing.getFirst() + " (always)");
    }
    Ruling ruling = judgement.ruling();
    return preview == null
        ? new Passage.NeedsPreview()
        : ask(
            tx, step, call, new Approval.Asked(rule(ruling), runLog.voiced(ruling.why()), preview));
  }

  private Passage ask(Tx tx, Step step, Approval.Call call, Approval.Asked asked) {
    Run run = runLog.run();
    Approval.Subject subject =
        new Approval.Subject(id(), step.seq(), run.agent(), runLog.peopleIn());
    Approval approval =
        runLog
            .ground()
            .approvals()
            .request(tx, org(), new Approvals.Request(subject, call, asked, PATIENCE));
    StepStore.judge(tx, org(), id(), step.seq(), "ask: " + approval.id());
    runLog.moveDeadline(tx, approval.times().deadline() - tx.now());
    runLog.park(tx, RunState.WAITING_PERMISSION, Runs.AWAITS_APPROVAL, Duration.ZERO);
    return new Passage.Waiting();
  }

  /** Only the very bytes that a person saw, or wrote, run. */
  private Passage decided(Tx tx, Step step, Approval.Call call, Approval approval) {
    Approval.Call allowed = approval.allowed();
    if (allowed == null) {
      return switch (approval.state()) {
        case PENDING -> {
          runLog.park(tx, RunState.WAITING_PERMISSION, Runs.AWAITS_APPROVAL, Duration.ZERO);
          yield new Passage.Waiting();
        }
        case ALLOWED -> throw new IllegalStateException(approval.id() + " allows nothing");
        case DENIED -> refused(tx, step, "deny: " + approval.id(), refusedBy(step, approval));
        case EXPIRED, CANCELLED ->
            refused(
                tx,
                step,
                "deny: " + approval.id(),
                "Nobody answered in time, so `" + step.name() + "` was not run.");
      };
    }
    if (!approval.call().intact()) {
      return refused(
          tx,
          step,
          "deny: " + approval.id(),
          "The stored request " + approval.id() + " was tampered with; nothing was run.");
    }
    if (allowed.equals(call)) {
      return started(tx, step, "allow: " + approval.id());
    }
    return call.equals(approval.call())
        ? changed(tx, step, allowed)
        : refused(
            tx,
            step,
            "deny: " + approval.id(),
            "The call is not the one that " + approval.id() + " allows; nothing was run.");
  }

  private static String refusedBy(Step step, Approval approval) {
    Approval.Decision decision = approval.decision();
    String words =
        decision != null && decision.answer() instanceof Answer.Deny(var said) ? said : "";
    return "A person denied `"
        + step.name()
        + "`; it was not run."
        + (words.isBlank() ? "" : " They said: " + words);
  }

  private Passage changed(Tx tx, Step step, Approval.Call edited) {
    Step.Body body =
        new Step.Body(
            runLog.ground().keys().of(id(), step.seq(), step.name(), edited.arguments()),
            edited.arguments(),
            null,
            false);
    Step planned = step.with(body);
    StepStore.rewrite(tx, org(), id(), planned);
    runLog.record(tx, "step.edited", planned);
    return new Passage.Changed(planned);
  }

  /** Some tools have a price. */
  private Passage started(Tx tx, Step step, String verdict) {
    Step started = step.started();
    Purchase purchase =
        new Purchase(key(started), funds.payer(), new Purchase.Item.ToolCall(step.name()));
    return switch (funds.reserve(tx, step.seq(), purchase)) {
      case Funds.Grant.Held() -> begun(tx, started, verdict);
      case Funds.Grant.Parked() -> new Passage.Waiting();
      case Funds.Grant.Refused(String why) -> refused(tx, step, "deny: no money", why);
    };
  }

  private Purchase.Key key(Step step) {
    return Purchase.Key.of(id(), step.seq(), step.attempts());
  }

  private Passage begun(Tx tx, Step started, String verdict) {
    runLog.start(tx, new StepStore.Started(started.seq(), runLog.fence(), verdict));
    runLog.record(tx, "step.started", started);
    return new Passage.Started(started);
  }

  private Passage refused(Tx tx, Step step, String verdict, String why) {
    Tool.ToolResult result = Tool.ToolResult.error(why);
    Step ended = step.answered(StepState.SKIPPED, why, true);
    ModelMessage told = answer(step, result);
    StepStore.end(
        tx,
        org(),
        id(),
        new StepStore.Ended(step.seq(), StepState.SKIPPED, why, true, null, null, verdict));
    runLog.hear(tx, told, Provenance.PERSON);
    runLog.record(tx, "step.finished", ended);
    return new Passage.Refused(ended, told);
  }

  /** Stored with the run, once. */
  void attest(String attestation) {
    runLog.commit(
        tx -> {
          RunStore.attest(tx, org(), id(), attestation);
          return attestation;
        });
  }

  /** Again after a crash: the verdict of the first start stands. */
  Step startAgain(Step step) {
    Step started = step.started();
    runLog.commit(
        tx -> {
          runLog.start(tx, new StepStore.Started(step.seq(), runLog.fence(), null));
          runLog.record(tx, "step.started", started);
          return started;
        });
    runLog.put(started);
    return started;
  }

  /** A call that can never be performed; no rule was asked. */
  void refuse(Step step, String why) {
    Passage.Refused refused =
        runLog.commit(tx -> (Passage.Refused) refused(tx, step, "deny: not a valid call", why));
    runLog.put(refused.ended());
    runLog.heard(refused.told(), Provenance.PERSON);
  }

  /**
   * A call that ended; the model is told.
   *
   * @param taint what it brings in, apart from what the home may hold
   * @param readsHome whether the answer may hold words from the home
   */
  void finish(Step step, Tool.ToolResult result, Taint taint, boolean readsHome) {
    Step ended = step.answered(StepState.DONE, result.text(), result.error());
    ModelMessage told = answer(step, result);
    Provenance from =
        runLog.commit(
            tx -> {
              boolean marked =
                  readsHome && homeTrust().find(tx, org(), runLog.run().agent()).isPresent();
              Provenance source =
                  Provenance.tool(step.name(), marked ? taint.with(Taint.UNTRUSTED) : taint);
              StepStore.Ended end =
                  StepStore.Ended.tool(step.seq(), StepState.DONE, result.text(), result.error());
              if (StepStore.end(tx, org(), id(), end)) {
                runLog.ground().spend().settle(tx, org(), key(step), new Actual.AsReserved());
                runLog.hear(tx, told, source);
                runLog.record(tx, "step.finished", ended);
              }
              return source;
            });
    runLog.put(ended);
    runLog.heard(told, from);
  }

  static ModelMessage answer(Step step, Tool.ToolResult result) {
    String call = step.callId() == null ? "" : step.callId();
    return new ModelMessage.ToolAnswer(call, step.name(), result.text(), result.error());
  }

  /** It is under way elsewhere: the run waits without a thread, and the step stays started. */
  void await(Tool.Found.Pending pending) {
    runLog.commit(
        tx -> {
          runLog.awaitChildren(tx, pending.waitReason(), pending.lookAgain());
          return pending;
        });
  }

  /** Nobody knows whether it happened: the run waits for a person, who is asked once. */
  void awaitPerson(Step step, String detail, String question) {
    runLog.commit(
        tx -> {
          StepStore.markUnknown(tx, org(), id(), step.seq(), detail);
          runLog.record(tx, "step.unknown", step.in(StepState.UNKNOWN));
          runLog.park(tx, RunState.WAITING_PERMISSION, "unknown_outcome", Duration.ZERO);
          runLog.ground().outbox().say(tx, org(), runLog.asked("unknown:" + step.seq(), question));
          return step;
        });
  }

  private OrgId org() {
    return runLog.org();
  }

  private RunId id() {
    return runLog.id();
  }
}
