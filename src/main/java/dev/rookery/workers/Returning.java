package dev.rookery.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.Decision;
import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversation;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.runs.Lineage;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Run;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings home what nobody waits for: into the run that started the worker while it is not over,
 * else to the conversation of the tree's root, whose agent is woken to report.
 */
final class Returning {
  private static final String RESULT = "result";
  private static final Duration DEADLINE = Duration.ofHours(24);

  private final Workers.Rooms rooms;

  Returning(Workers.Rooms rooms) {
    this.rooms = rooms;
  }

  /** In the commit in which the worker ends. */
  Worker.Home bring(Tx tx, Worker worker, Run child) {
    OrgId org = worker.org();
    Run parent = rooms.runs().family().find(tx, org, worker.kin().parent()).orElseThrow();
    Lineage.Child how = child.origin().lineage().child();
    boolean open = !parent.status().state().over();
    if (open || how == null) {
      Inbound fact = fact(tx, worker, child, parent.conversation());
      EventId event = rooms.intake().inbox().accept(tx, org, fact, parent.agent()).event();
      rooms.intake().events().dispatched(tx, org, event);
      Event accepted = rooms.intake().events().find(tx, org, event);
      return open && join(tx, accepted, parent.id()) ? Worker.Home.RUN : Worker.Home.NOWHERE;
    }
    Run root = rooms.runs().family().find(tx, org, worker.kin().root()).orElseThrow();
    rooms.intake().inbox().accept(tx, org, fact(tx, worker, child, how.speaksIn()), root.agent());
    return Worker.Home.CONVERSATION;
  }

  private Inbound fact(Tx tx, Worker worker, Run child, String conversation) {
    Conversation place =
        rooms.intake().conversations().find(tx, worker.org(), conversation).orElse(null);
    Taint taint = rooms.runs().taint(tx, worker.org(), child.id());
    Run.Origin origin = child.origin();
    String text =
        "[The worker '%s' (%s) that you started is over: %s. Report what matters of it here, once.]\n%s"
            .formatted(
                worker.order().name(),
                worker.id(),
                worker.standing().state().label(),
                Json.write(Envelope.of(tx, rooms.artifacts(), List.of(worker))));
    ObjectNode payload =
        Json.object()
            .put("worker", worker.id().value())
            .put("name", worker.order().name())
            .put("state", worker.standing().state().label())
            .put("attended", origin.attended())
            .put("contact", origin.contact())
            .put("untrusted", taint.untrusted())
            .put("confidential", taint.confidential());
    return new Inbound(
        new Inbound.Origin(Workers.SOURCE, place == null ? null : place.integration(), null),
        RESULT,
        worker.id().value(),
        place == null
            ? new Inbound.Place(conversation, null, conversation, conversation, true)
            : new Inbound.Place(conversation, null, place.address(), place.name(), place.direct()),
        new Inbound.Actor(
            Inbound.Actor.Kind.AGENT,
            worker.order().agent().value(),
            worker.order().name(),
            origin.lineage().depth()),
        Instant.ofEpochMilli(tx.now()),
        new Inbound.Content(text, true, null, List.of()),
        payload);
  }

  /** For dispatch: whether the event is such a result; it is then seen to in this transaction. */
  boolean received(Tx tx, Event event) {
    AgentId target = event.target();
    if (target == null
        || !event.what().origin().source().equals(Workers.SOURCE)
        || !event.what().type().equals(RESULT)) {
      return false;
    }
    Agent agent = Agents.find(tx, event.org(), target).filter(Agent::enabled).orElse(null);
    if (agent == null) {
      notice(tx, event);
      return true;
    }
    Runs.Open open = rooms.runs().open(tx, event.org(), target, conversation(event));
    if (!join(tx, event, open.active()) && !join(tx, event, open.queued())) {
      wake(tx, event, target);
    }
    return true;
  }

  private static String conversation(Event event) {
    return event.what().place().conversationKey();
  }

  /** There is nobody left to report; the conversation is told as it is. */
  private void notice(Tx tx, Event event) {
    rooms
        .outbox()
        .say(
            tx,
            event.org(),
            new Outbox.Said(
                conversation(event),
                null,
                event.id() + ":result",
                event.what().content().text(),
                null));
  }

  private boolean join(Tx tx, Event event, @Nullable RunId run) {
    if (run == null || !rooms.runs().addInput(tx, event.org(), run, input(event), Duration.ZERO)) {
      return false;
    }
    record(tx, event, new Outcome(ActivationId.next(), "steered", run));
    return true;
  }

  private void wake(Tx tx, Event event, AgentId agent) {
    RunId id = RunId.next();
    ActivationId activation = ActivationId.next();
    JsonNode payload = event.what().payload();
    String contact = payload.hasNonNull("contact") ? payload.path("contact").asText() : null;
    NewRun run =
        new NewRun(
            id,
            agent,
            activation,
            conversation(event),
            new NewRun.Nature(
                "turn", event.what().actor().depth(), payload.path("attended").asBoolean()),
            Duration.ZERO,
            DEADLINE,
            new NewRun.Birth(id, null, contact));
    rooms.runs().queue(tx, event.org(), run, List.of(input(event)));
    record(tx, event, new Outcome(activation, "woke", id));
  }

  private static Runs.Input input(Event event) {
    JsonNode payload = event.what().payload();
    Taint taint =
        new Taint(payload.path("untrusted").asBoolean(), payload.path("confidential").asBoolean());
    String identity = Workers.SOURCE + ":" + payload.path("worker").asText();
    return new Runs.Input(
        event.id(), event.what().content().text(), new Runs.Speaker(identity, taint));
  }

  private record Outcome(ActivationId activation, String decision, RunId run) {}

  private void record(Tx tx, Event event, Outcome outcome) {
    AgentId agent = event.target();
    if (agent != null) {
      Decision.Reason why =
          new Decision.Reason(
              "worker-ended",
              "The worker %s ended, and this brings its result."
                  .formatted(event.what().payload().path("worker").asText()));
      rooms
          .activations()
          .record(
              tx,
              event.org(),
              conversation(event),
              new Activation(
                  outcome.activation(),
                  event.id(),
                  Workers.DELEGATION,
                  agent,
                  outcome.decision(),
                  why,
                  outcome.run(),
                  tx.now()),
              null);
    }
  }
}
