package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what one update means. Whether it is genuine was decided before. */
record UpdateReader(InstantSource clock) {
  /** Kinds that carry a message, and whether it is an edited one. */
  private static final Map<String, Boolean> MESSAGES =
      Map.of(
          "message", false,
          "edited_message", true,
          "channel_post", false,
          "edited_channel_post", true);

  /** The kinds to ask Telegram for. */
  static final Set<String> WANTED =
      Stream.concat(MESSAGES.keySet().stream(), Stream.of(ButtonReader.KIND))
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /**
   * One update, opened.
   *
   * @param payload the whole update, cleaned
   */
  record Update(String id, boolean edited, JsonNode message, JsonNode payload) {}

  Reception read(Integration integration, JsonNode update) {
    JsonNode id = update.path("update_id");
    if (!update.isObject() || !id.isIntegralNumber() || !id.canConvertToLong()) {
      return new Reception.Rejected(
          400, "update_id_missing", "The update has no numeric update_id; nothing was recorded.");
    }
    String key = Long.toString(id.longValue());
    for (var field : update.properties()) {
      Boolean edited = MESSAGES.get(field.getKey());
      if (edited != null) {
        JsonNode payload = clean(update);
        var opened = new Update(key, edited, payload.path(field.getKey()), payload);
        return new MessageReader(integration, clock).read(opened);
      }
    }
    if (update.has(ButtonReader.KIND)) {
      return new ButtonReader(integration, clock).read(key, clean(update));
    }
    String kind = kind(update);
    return new Reception.Skipped(key, kind, "Updates of kind " + kind + " are not acted on.");
  }

  private static String kind(JsonNode update) {
    return update
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(name -> !name.equals("update_id") && KIND.matcher(name).matches())
        .findFirst()
        .orElse("unknown_update");
  }

  /** Lone surrogates and NUL, which no store can hold, are replaced wherever they hide. */
  static JsonNode clean(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> TextNode.valueOf(Text.clean(node.textValue()));
      case OBJECT -> {
        ObjectNode cleaned = Json.object();
        node.properties().forEach(e -> cleaned.set(Text.clean(e.getKey()), clean(e.getValue())));
        yield cleaned;
      }
      case ARRAY -> {
        var cleaned = Json.mapper().createArrayNode();
        node.forEach(element -> cleaned.add(clean(element)));
        yield cleaned;
      }
      case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> node;
    };
  }
}
