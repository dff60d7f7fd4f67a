package dev.rookery.runs;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelAnswer;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelFailure;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ModelRequest;
import dev.rookery.models.Models;
import dev.rookery.models.RetryRules;
import dev.rookery.models.StopSignal;
import dev.rookery.models.Tokens;
import dev.rookery.models.ToolCall;
import dev.rookery.policy.Grants;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one claimed run: replay the journal, ask the machine, commit the intent, do it, commit the
 * result. Ends when the run is over, waits, or is not this owner's any more.
 */
final class RunInterpreter {
  private static final Logger log = LoggerFactory.getLogger(RunInterpreter.class);
  private static final int MAX_VANISHED_OWNERS = 5;
  private static final String NO_REPLY = "[NO_REPLY]";

  private final RunLog runLog;
  private final ModelSteps modelSteps;
  private final ToolCalls toolCalls;
  private final Scene scene;
  private final Boundary.Probe probe;
  private final Control control;
  private final Random random = new Random();

  /** Who acts, with what: fixed when the run is claimed. */
  record Scene(
      Models models,
      ModelChoice model,
      Prompt prompt,
      List<Tool> tools,
      Grants grants,
      SandboxProvider sandboxes,
      IdempotencyKeys keys,
      int maxModelCalls) {}

  /** What the worker tells a run: stop now, or hand over between two steps. */
  interface Control {
    StopSignal signal();

    boolean draining();

    boolean pastDeadline();

    /** Whether the run waited for a budget when it was claimed. */
    boolean awaitedMoney();

    /** Words of the model, as they come; for those who watch. */
    void said(Step step, String words);
  }

  RunInterpreter(RunLog runLog, Scene scene, Boundary.Probe probe, Control control) {
    this.runLog = runLog;
    this.modelSteps = new ModelSteps(runLog, runLog.ground().spend());
    this.toolCalls = new ToolCalls(runLog, scene, probe, control);
    this.scene = scene;
    this.probe = probe;
    this.control = control;
  }

  void drive() {
    try {
      probe.reached(Boundary.CLAIMED, "");
      if (runLog.run().lease().attempts() > MAX_VANISHED_OWNERS) {
        runLog.fail(
            FailureReason.LOST_LEASE,
            "Its owner vanished " + runLog.run().lease().attempts() + " times.");
        return;
      }
      boolean goesOn = true;
      while (goesOn) {
        goesOn = !handedOver() && once();
      }
    } catch (LeaseLost e) {
      scene.sandboxes().stop(runLog.run().id(), "another node works on the run, or it is over");
      log.info("run {} stops here: {}", runLog.run().id(), e.getMessage());
    } catch (StorageUnavailable e) {
      log.warn(
          "run {} is left to its lease, the database is away: {}",
          runLog.run().id(),
          e.getMessage());
    } catch (RuntimeException e) {
      failAsBug(e);
    }
  }

  private boolean handedOver() {
    if (control.draining()) {
      runLog.handOver();
      return true;
    }
    return false;
  }

  private void failAsBug(RuntimeException error) {
    log.error("run {} failed because of a bug; it is closed", runLog.run().id(), error);
    try {
      runLog.fail(FailureReason.BUG, error.getClass().getSimpleName() + " (see the server's log)");
    } catch (RuntimeException e) {
      log.warn("run {} could not be closed; its lease will expire", runLog.run().id(), e);
    }
  }

  /** One decision and what it asks for; false when this owner is done with the run. */
  private boolean once() {
    RunMachine.Bounds bounds =
        new RunMachine.Bounds(
            control.pastDeadline(), control.awaitedMoney(), scene.maxModelCalls());
    return switch (RunMachine.next(runLog.view(bounds))) {
      case Next.Nothing() -> false;
      case Next.Absorb() -> {
        runLog.absorb();
        probe.reached(Boundary.ABSORBED, "");
        yield true;
      }
      case Next.Think(int seq) -> think(seq);
      case Next.Act(Step step) -> toolCalls.act(step);
      case Next.Recover(Step step, Next.Recovery how) -> recover(step, how);
      case Next.AskWhatHappened(Step step) -> toolCalls.ask(step, "The outcome is still unknown.");
      case Next.Reply() -> reply();
      case Next.Fail(FailureReason reason, String detail) -> fail(reason, detail);
    };
  }

  private boolean think(int seq) {
    ModelRequest request = scene.prompt().request(scene.model().model(), runLog.messages());
    return switch (modelSteps.start(seq, scene.model(), request)) {
      case ModelSteps.Passage.Started(Step step) -> ask(step, request);
      case ModelSteps.Passage.Waiting() -> {
        probe.reached(Boundary.BUDGET_ASKED, "");
        yield false;
      }
      case ModelSteps.Passage.Broke(String why) -> fail(FailureReason.BUDGET_EXHAUSTED, why);
    };
  }

  private boolean ask(Step step, ModelRequest request) {
    probe.reached(Boundary.MODEL_STARTED, "");
    ModelAnswer answer;
    AtomicLong received = new AtomicLong();
    try {
      answer =
          scene
              .models()
              .answer(
                  scene.model(),
                  request,
                  delta -> {
                    received.addAndGet(Tokens.estimate(delta));
                    control.said(step, delta);
                  },
                  control.signal());
    } catch (ModelFailure failure) {
      return afterFailure(step, failure, cost(received.get()));
    } catch (Refusal refusal) {
      return fail(FailureReason.MODEL_AUTH, refusal.getMessage());
    }
    probe.reached(Boundary.MODEL_ANSWERED, "");
    modelSteps.finish(step, answer, planned(step.seq(), answer.calls()));
    probe.reached(Boundary.MODEL_FINISHED, "");
    return true;
  }

  /** Providers bill what they began to say, and nothing that they refused. */
  private static ModelSteps.Cost cost(long received) {
    return received == 0 ? new ModelSteps.Cost.Nothing() : new ModelSteps.Cost.SoFar(received);
  }

  private List<Step> planned(int after, List<ToolCall> calls) {
    List<Step> planned = new ArrayList<>();
    for (ToolCall call : calls) {
      int seq = after + planned.size() + 1;
      String arguments = Json.canonical(call.arguments());
      Tool tool = toolCalls.find(call.tool());
      planned.add(
          new Step(
              seq,
              Step.Kind.TOOL,
              StepState.PLANNED,
              call.tool(),
              call.id(),
              tool == null ? EffectClass.PURE : tool.effectClass(call.arguments()),
              new Step.Body(
                  scene.keys().of(runLog.run().id(), seq, call.tool(), arguments),
                  arguments,
                  null,
                  false),
              0));
    }
    return planned;
  }

  private boolean afterFailure(Step step, ModelFailure failure, ModelSteps.Cost cost) {
    if (failure.reason() == ModelFailure.Reason.CANCELLED) {
      modelSteps.replan(step, "stopped", cost);
      return true;
    }
    if (failure.reason() == ModelFailure.Reason.CONTEXT_OVERFLOW && scene.prompt().forgetHalf()) {
      modelSteps.replan(step, "too long; half of the earlier conversation is left out", cost);
      return true;
    }
    return switch (RetryRules.after(failure, step.attempts(), random.nextDouble())) {
      case RetryRules.Decision.Retry(var delay) -> {
        boolean counts = failure.bearing() != ModelFailure.Bearing.BLOCKED;
        String reason = reason(failure).label();
        modelSteps.delay(
            step, new ModelSteps.Delay(reason, failure.getMessage(), delay, counts), cost);
        yield false;
      }
      case RetryRules.Decision.GiveUp() -> fail(reason(failure), failure.getMessage());
    };
  }

  private static FailureReason reason(ModelFailure failure) {
    return switch (failure.reason()) {
      case AUTH -> FailureReason.MODEL_AUTH;
      case RATE_LIMITED -> FailureReason.MODEL_RATE_LIMITED;
      case UNAVAILABLE -> FailureReason.MODEL_UNAVAILABLE;
      case CONTEXT_OVERFLOW -> FailureReason.MODEL_CONTEXT_OVERFLOW;
      case BAD_OUTPUT -> FailureReason.MODEL_BAD_OUTPUT;
      case CANCELLED -> FailureReason.CANCELLED;
    };
  }

  private boolean recover(Step step, Next.Recovery how) {
    if (step.kind() != Step.Kind.TOOL) {
      modelSteps.replan(step, "the server stopped during this call", new ModelSteps.Cost.Unknown());
      return true;
    }
    return toolCalls.recoverBy(step, how, "The server stopped while it was under way.");
  }

  private boolean reply() {
    String text =
        runLog.messages().getLast() instanceof ModelMessage.Assistant(String said, _) ? said : "";
    probe.reached(Boundary.BEFORE_REPLY, "");
    boolean over = runLog.reply(text.strip().equals(NO_REPLY) ? "" : text);
    probe.reached(Boundary.REPLIED, "");
    return !over;
  }

  private boolean fail(FailureReason reason, String detail) {
    runLog.fail(reason, detail);
    return false;
  }
}
