package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.time.InstantSource;
import java.util.List;

/**
 * Turns a press of one of our buttons into an inbound fact of type {@code choice}, whose payload
 * names what was chosen. Who pressed is told by Telegram, not by the button.
 */
record ButtonReader(Integration integration, InstantSource clock) {
  /** The kind of update, as the Bot API calls it. */
  static final String KIND = "callback_query";

  Reception read(String updateId, JsonNode update) {
    JsonNode press = update.path(KIND);
    JsonNode message = press.path("message");
    String chosen = press.path("data").asText("");
    if (chosen.isEmpty() || !message.path("chat").path("id").isIntegralNumber()) {
      return new Reception.Skipped(
          updateId, "button_without_message", "The button belongs to no message of a chat.");
    }
    ObjectNode payload = Json.object().put("choice", chosen);
    payload.set("update", update);
    JsonNode from = press.path("from");
    return new Reception.Accepted(
        List.of(
            new Inbound(
                new Inbound.Origin(
                    integration.source(),
                    integration.id(),
                    message.path("message_id").asText(null)),
                Inbound.CHOICE,
                updateId,
                MessageReader.place(integration, message),
                MessageReader.actor(MessageReader.kind(integration, from), from),
                clock.instant(),
                new Inbound.Content("", true, null, List.of()),
                payload)));
  }
}
