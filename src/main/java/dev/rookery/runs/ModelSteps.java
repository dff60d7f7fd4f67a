package dev.rookery.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ModelRequest;
import dev.rookery.spend.Actual;
import dev.rookery.spend.Purchase;
import dev.rookery.spend.Spend;
import dev.rookery.store.Tx;
import dev.rookery.tools.EffectClass;
import java.time.Duration;
import java.util.List;

/**
 * The model calls of one claimed run, commit by commit: the money is reserved with the start and
 * booked with the answer.
 */
final class ModelSteps {
  private final RunLog runLog;
  private final Spend spend;
  private final Funds funds;

  ModelSteps(RunLog runLog, Spend spend) {
    this.runLog = runLog;
    this.spend = spend;
    this.funds = new Funds(runLog, spend);
  }

  /** What became of the wish to ask the model. */
  sealed interface Passage {
    /** It may be asked now; that is journaled. */
    record Started(Step step) implements Passage {}

    /** There is no money for it now; the run waits without a thread. */
    record Waiting() implements Passage {}

    /** There is none, and there will not be. */
    record Broke(String why) implements Passage {}
  }

  /** Money, and {@code started}, for a model call that was planned before or is new. */
  Passage start(int seq, ModelChoice choice, ModelRequest request) {
    Step started = started(seq, choice, request);
    Passage passage =
        runLog.commit(
            tx ->
                switch (funds.reserve(tx, seq, purchase(started, choice, request))) {
                  case Funds.Grant.Held() -> begin(tx, started);
                  case Funds.Grant.Parked() -> new Passage.Waiting();
                  case Funds.Grant.Refused(String why) -> new Passage.Broke(why);
                });
    if (passage instanceof Passage.Started) {
      runLog.put(started);
    }
    return passage;
  }

  private Step started(int seq, ModelChoice choice, ModelRequest request) {
    if (seq <= runLog.steps().size()) {
      return runLog.steps().get(seq - 1).started();
    }
    String described = described(request);
    return new Step(
        seq,
        Step.Kind.MODEL,
        StepState.STARTED,
        choice.spelling(),
        null,
        EffectClass.PURE,
        new Step.Body(
            runLog.ground().keys().of(id(), seq, "model", described), described, null, false),
        1);
  }

  /** The journal holds the messages already; what was asked is named by count and hash. */
  private static String described(ModelRequest request) {
    ObjectNode json = Json.object();
    json.put("messages", request.messages().size());
    json.put("tools", request.tools().size());
    json.put("system_sha256", Digest.sha256(request.system()));
    return Json.canonical(json);
  }

  private Purchase purchase(Step started, ModelChoice choice, ModelRequest request) {
    return new Purchase(key(started), funds.payer(), Purchase.Item.ModelCall.of(choice, request));
  }

  private Purchase.Key key(Step step) {
    return Purchase.Key.of(id(), step.seq(), step.attempts());
  }

  private Passage begin(Tx tx, Step started) {
    if (started.seq() <= runLog.steps().size()) {
      runLog.start(tx, new StepStore.Started(started.seq(), runLog.fence(), null));
    } else {
      StepStore.insert(tx, org(), id(), started, runLog.fence());
      RunStore.useModel(tx, org(), id(), started.name());
    }
    runLog.record(tx, "step.started", started);
    return new Passage.Started(started);
  }

  /** The answer, what it cost, and all tool calls it asks for, planned, in one commit. */
  void finish(Step step, ModelAnswer answer, List<Step> planned) {
    ModelMessage said = new ModelMessage.Assistant(answer.text(), answer.calls());
    String response = MessageCodec.write(said);
    runLog.commit(
        tx -> {
          StepStore.Ended ended =
              new StepStore.Ended(
                  step.seq(),
                  StepState.DONE,
                  response,
                  false,
                  null,
                  Json.write(answer.usage()),
                  null);
          if (StepStore.end(tx, org(), id(), ended)) {
            runLog.hear(tx, said, Provenance.MODEL);
            planned.forEach(p -> StepStore.insert(tx, org(), id(), p, runLog.fence()));
            spend.settle(tx, org(), key(step), answer.usage());
            runLog.record(tx, "step.finished", step.answered(StepState.DONE, response, false));
          }
          return said;
        });
    runLog.put(step.answered(StepState.DONE, response, false));
    runLog.heard(said, Provenance.MODEL);
    planned.forEach(runLog::put);
  }

  /** The call did not succeed; it is planned again and the run waits without a thread. */
  void delay(Step step, Delay delay, Cost cost) {
    runLog.commit(
        tx -> {
          StepStore.replan(
              tx, org(), id(), new StepStore.Replanned(step.seq(), delay.detail(), delay.counts()));
          book(tx, step, cost);
          runLog.park(tx, RunState.RUNNING, delay.waitReason(), delay.time());
          return step;
        });
  }

  /**
   * Why and how long a model call waits.
   *
   * @param counts false when the provider was not even called
   */
  record Delay(String waitReason, String detail, Duration time, boolean counts) {}

  /** What a call that gave no answer cost. */
  sealed interface Cost {
    /** The provider was not called, or refused. */
    record Nothing() implements Cost {}

    /** It was cut off after so many tokens had come. */
    record SoFar(long outputTokens) implements Cost {}

    /** Nobody knows. */
    record Unknown() implements Cost {}
  }

  private void book(Tx tx, Step step, Cost cost) {
    switch (cost) {
      case Cost.Nothing() -> spend.release(tx, org(), key(step));
      case Cost.SoFar(long tokens) -> spend.settle(tx, org(), key(step), new Actual.CutOff(tokens));
      case Cost.Unknown() -> spend.settle(tx, org(), key(step), new Actual.AsReserved());
    }
  }

  /** Plans a model call again, for at once. */
  void replan(Step step, String detail, Cost cost) {
    runLog.commit(
        tx -> {
          StepStore.replan(tx, org(), id(), new StepStore.Replanned(step.seq(), detail, true));
          book(tx, step, cost);
          return step;
        });
    runLog.put(step.in(StepState.PLANNED));
  }

  private OrgId org() {
    return runLog.org();
  }

  private RunId id() {
    return runLog.id();
  }
}
