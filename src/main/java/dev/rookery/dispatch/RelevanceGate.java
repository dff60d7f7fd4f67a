package dev.rookery.dispatch;

import dev.rookery.activation.GateAnswer;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelAnswer;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelFailure;
import dev.rookery.models.ModelRequest;
import dev.rookery.models.Models;
import dev.rookery.models.StopSignal;
import dev.rookery.models.Tokens;
import dev.rookery.spend.Actual;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a model one gate's question, within a time. What is no answer is a pass. */
final class RelevanceGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RelevanceGate.class);

  private final Models models;
  private final Duration patience;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gate-clock").daemon(true).factory());
  private final List<StopSignal> asking = new ArrayList<>();
  private boolean closed;

  RelevanceGate(Models models, Duration patience) {
    this.models = models;
    this.patience = patience;
  }

  /**
   * What came of a question.
   *
   * @param answer null when this node stopped meanwhile: somebody has to ask again
   * @param cost null when nothing is to be paid
   */
  record Reply(@Nullable GateAnswer answer, @Nullable Actual cost) {}

  /** Blocks until there is an answer or the time is over. */
  Reply ask(ModelChoice choice, ModelRequest request) {
    StopSignal signal = new StopSignal();
    if (!begin(signal)) {
      return new Reply(null, null);
    }
    AtomicLong received = new AtomicLong();
    ScheduledFuture<?> alarm =
        clock.schedule(signal::fire, patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      ModelAnswer answer =
          models.answer(
              choice, request, delta -> received.addAndGet(Tokens.estimate(delta)), signal);
      GateAnswer read =
          answer.calls().isEmpty()
              ? GateReading.read(answer.text())
              : GateReading.unreadable("the answer calls tools");
      return new Reply(read, new Actual.Used(answer.usage()));
    } catch (ModelFailure failure) {
      Actual cost = received.get() == 0 ? null : new Actual.CutOff(received.get());
      return new Reply(stopped() ? null : pass(failure), cost);
    } catch (Refusal refusal) {
      return new Reply(noModel(refusal), null);
    } finally {
      alarm.cancel(false);
      end(signal);
    }
  }

  private GateAnswer pass(ModelFailure failure) {
    return failure.reason() == ModelFailure.Reason.CANCELLED
        ? new GateAnswer.Pass(
            "gate-timeout", "no answer within %d ms".formatted(patience.toMillis()))
        : new GateAnswer.Pass(
            "gate-failed", GateReading.oneLine(String.valueOf(failure.getMessage())));
  }

  static GateAnswer noModel(Refusal refusal) {
    return new GateAnswer.Pass(
        "gate-no-model", GateReading.oneLine(String.valueOf(refusal.getMessage())));
  }

  private boolean begin(StopSignal signal) {
    synchronized (asking) {
      if (!closed) {
        asking.add(signal);
      }
      return !closed;
    }
  }

  private void end(StopSignal signal) {
    synchronized (asking) {
      asking.remove(signal);
    }
  }

  private boolean stopped() {
    synchronized (asking) {
      return closed;
    }
  }

  /** Questions under way come back without an answer. */
  @Override
  public void close() {
    List<StopSignal> open;
    synchronized (asking) {
      closed = true;
      open = List.copyOf(asking);
    }
    open.forEach(StopSignal::fire);
    clock.shutdownNow();
    log.debug("the relevance gate is closed; {} questions are asked again later", open.size());
  }
}
