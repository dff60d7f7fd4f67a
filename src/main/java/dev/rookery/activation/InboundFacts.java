package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.AgentId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An inbound fact as deciders and filters see it. JSON pointers are resolved in its payload.
 *
 * @param trust how far its sender is trusted, as the event says
 */
public record InboundFacts(Inbound inbound, String trust) implements Facts {

  /**
   * The facts of one event.
   *
   * @param target the agent that was called directly, or null
   */
  public static EventFacts of(Inbound inbound, String trust, @Nullable AgentId target) {
    Inbound.Actor actor = inbound.actor();
    return new EventFacts(
        inbound.type(),
        inbound.content().text(),
        inbound.place().direct(),
        inbound.content().addressed(),
        target,
        inbound.place().resource(),
        new EventFacts.Actor(actor.kind(), actor.id(), actor.depth()),
        new InboundFacts(inbound, trust));
  }

  @Override
  public Value value(Field field) {
    JsonNode payload = inbound.payload();
    return switch (field) {
      case Field.Payload at -> PayloadValues.at(payload, at);
      case Field.Envelope envelope -> envelope(envelope);
    };
  }

  private Value envelope(Field.Envelope field) {
    return switch (field) {
      case SOURCE -> new Value.Text(inbound.origin().source());
      case TYPE -> new Value.Text(inbound.type());
      case ACTOR_KIND -> new Value.Text(inbound.actor().kind().name().toLowerCase(Locale.ROOT));
      case ACTOR_ID -> new Value.Text(inbound.actor().id());
      case ACTOR_NAME -> new Value.Text(inbound.actor().name());
      case CONVERSATION -> new Value.Text(inbound.place().conversationKey());
      case RESOURCE -> Value.text(inbound.place().resource());
      case TEXT -> new Value.Text(inbound.content().text());
      case DIRECT -> new Value.Bool(inbound.place().direct());
      case ADDRESSED -> new Value.Bool(inbound.content().addressed());
      case COMMAND -> Value.text(inbound.content().command());
      case TRUST -> new Value.Text(trust);
    };
  }
}
