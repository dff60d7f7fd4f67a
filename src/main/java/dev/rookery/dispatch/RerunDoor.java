package dev.rookery.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.Activations;
import dev.rookery.activation.Decision;
import dev.rookery.inbox.Event;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Reruns;
import dev.rookery.runs.Run;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A person wants a run again, in the same conversation or in another. No policy is asked: the
 * person decided. What cannot be done any more is a decision like any other.
 */
final class RerunDoor {
  private final Activations activations;
  private final Reruns reruns;
  private final Duration deadline;

  RerunDoor(Activations activations, Reruns reruns, Duration deadline) {
    this.activations = activations;
    this.reruns = reruns;
    this.deadline = deadline;
  }

  /** Whether the event was such a wish; its run is then queued in the same transaction. */
  boolean handled(Tx tx, Event event) {
    Run.Rerun.Kind kind = kind(event);
    AgentId agent = event.target();
    if (kind == null || agent == null) {
      return false;
    }
    JsonNode payload = event.what().payload();
    String text = event.what().content().text();
    Reruns.Wish wish =
        new Reruns.Wish(
            kind,
            new RunId(payload.path("run").asText()),
            payload.path("from_step").asInt(),
            text.isEmpty() ? null : text);
    ActivationId id = ActivationId.next();
    try {
      Reruns.Order order =
          new Reruns.Order(
              id,
              event.what().place().conversationKey(),
              new Runs.Input(
                  event.id(), text, new Runs.Speaker(Dispatcher.identity(event), trusted(event))));
      RunId run = reruns.queue(tx, event.org(), wish, order, deadline);
      record(tx, event, agent, new Outcome(id, Decision.Label.WOKE, reason(event, wish), run));
    } catch (Refusal refusal) {
      Decision.Reason reason =
          new Decision.Reason(refusal.code(), String.valueOf(refusal.getMessage()));
      record(tx, event, agent, new Outcome(id, Decision.Label.ERROR, reason, null));
    }
    return true;
  }

  private static Run.Rerun.@Nullable Kind kind(Event event) {
    if (!event.what().origin().source().equals("api")) {
      return null;
    }
    for (Run.Rerun.Kind kind : Run.Rerun.Kind.values()) {
      if (kind.label().equals(event.what().type())) {
        return kind;
      }
    }
    return null;
  }

  private static boolean trusted(Event event) {
    return event.trust().equals("member");
  }

  private static Decision.Reason reason(Event event, Reruns.Wish wish) {
    String what = wish.kind().label().toLowerCase(Locale.ROOT);
    return new Decision.Reason(
        what,
        "%s asked for a %s of run %s from step %s."
            .formatted(event.what().actor().name(), what, wish.of(), wish.fromStep()));
  }

  private record Outcome(
      ActivationId id, Decision.Label label, Decision.Reason reason, @Nullable RunId run) {}

  private void record(Tx tx, Event event, AgentId agent, Outcome outcome) {
    PolicyId policy = new PolicyId(event.what().payload().path("policy").asText());
    activations.record(
        tx,
        event.org(),
        event.what().place().conversationKey(),
        new Activation(
            outcome.id(),
            event.id(),
            policy,
            agent,
            outcome.label().spelled(),
            outcome.reason(),
            outcome.run(),
            tx.now()),
        null);
  }
}
