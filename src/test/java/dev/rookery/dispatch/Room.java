package dev.rookery.dispatch;

import dev.rookery.Colony;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.activation.Wait;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A group chat of an integration, where people speak and agents overhear. */
final class Room {
  /** Its gate responds to questions, and passes on the rest. */
  static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {system: {contains: "[relevance gate]"}, user_text: {contains: "broken"}}
          then: {text: "Maybe they should respond."}
        - when: {system: {contains: "[relevance gate]"}, user_text: {contains: "down"}}
          then: {text: "x", failure: {kind: unavailable}}
        - when: {system: {contains: "[relevance gate]"}, user_text: {contains: "slowly"}}
          then: {text: '{"decision": "respond", "reason": "late"}', delay_ms: 60000}
        - when: {system: {contains: "[relevance gate]"}, user_text: {matches: '\\?$'}}
          then: {text: '{"decision": "respond", "reason": "A question about backups."}'}
        - when: {system: {contains: "[relevance gate]"}}
          then: {text: '{"decision": "pass", "reason": "Small talk."}'}
        - then: {text: "You said: {{last_user_text}}"}
      """;

  private static final Actor ADA = new Actor(Actor.Kind.PERSON, "42", "Ada", 0);

  private final Colony colony;
  private final Integration integration;

  /** Without agents it is for all. */
  Room(Colony colony, Agent... agents) {
    this.colony = colony;
    this.integration =
        colony
            .house()
            .integrations
            .create(
                colony.org(),
                new NewIntegration(
                    "fake",
                    Ids.next("room"),
                    Json.object(),
                    Map.of(),
                    Arrays.stream(agents).map(Agent::id).toList()));
  }

  PolicyId policy(Agent agent, String json) {
    ActivationPolicy policy =
        PolicyCodec.read(
            PolicyId.next(), colony.org(), agent.id(), Json.parse(json.replace('\'', '"')));
    colony.house().activations.add(policy);
    return policy.id();
  }

  EventId say(String text) {
    return say("room", ADA, "message", text);
  }

  EventId say(String conversation, Actor actor, String type, String text) {
    return accept(conversation, actor, type, new Inbound.Content(text, false, null, List.of()));
  }

  EventId sayWithFile(String text) {
    Inbound.Attachment file = new Inbound.Attachment("f", "disk.log", "text/plain", 5);
    return accept("room", ADA, "message", new Inbound.Content(text, false, null, List.of(file)));
  }

  private EventId accept(String conversation, Actor actor, String type, Inbound.Content content) {
    Inbound line =
        new Inbound(
            new Inbound.Origin(integration.source(), integration.id(), null),
            type,
            Ids.next("key"),
            new Inbound.Place(conversation, "room-1", conversation, conversation, false),
            actor,
            Instant.EPOCH,
            content,
            Json.object());
    return colony.house().inbox.acceptAll(colony.org(), List.of(line), null).getFirst().event();
  }

  EventId said(String text) {
    return dispatched(say(text));
  }

  EventId dispatched(EventId event) {
    colony.until(
        "event " + event + " is dispatched",
        () ->
            colony
                .house()
                .events
                .find(colony.org(), event)
                .dispatch()
                .state()
                .equals("dispatched"));
    return event;
  }

  List<Wait> waits() {
    return colony.house().activations.waits().open(colony.org(), 1_000);
  }

  /** The decision about an event for a policy, once there is one. */
  Activation decided(EventId event, PolicyId policy) {
    colony.until(event + " is decided for " + policy, () -> !decisions(event, policy).isEmpty());
    return decisions(event, policy).getFirst();
  }

  List<Activation> decisions(EventId event, PolicyId policy) {
    return colony.house().activations.ofEvent(colony.org(), event).stream()
        .filter(activation -> activation.policy().equals(policy))
        .toList();
  }

  /** Such as {@code gated pass}. */
  String told(EventId event, PolicyId policy) {
    Activation activation = decided(event, policy);
    return activation.decision() + " " + activation.reason().code();
  }

  List<EventId> heardBy(RunId run) {
    return colony.house().runs.detail(colony.org(), run).events();
  }

  List<JournalEntry> asked() {
    return colony.journal().stream()
        .map(JournalRecord::entry)
        .filter(entry -> entry.kind().equals("gate.asked"))
        .toList();
  }
}
