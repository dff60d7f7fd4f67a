package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Puts messages that are neither text nor file into a few words, so that an agent can read them.
 */
final class Summaries {
  private Summaries() {}

  /** Empty when there is nothing to say. */
  static String of(JsonNode message) {
    if (message.hasNonNull("contact")) {
      return contact(message.path("contact"));
    }
    if (message.hasNonNull("venue")) {
      return venue(message.path("venue"));
    }
    if (message.hasNonNull("location")) {
      return "[location] " + position(message.path("location"));
    }
    if (message.hasNonNull("poll")) {
      return poll(message.path("poll"));
    }
    if (message.hasNonNull("dice")) {
      JsonNode dice = message.path("dice");
      return "[dice " + dice.path("emoji").asText("🎲") + "] " + dice.path("value").asText("?");
    }
    if (message.hasNonNull("checklist")) {
      return checklist(message.path("checklist"));
    }
    if (message.hasNonNull("rich_message")) {
      StringBuilder text = new StringBuilder();
      rich(message.path("rich_message"), text);
      return text.toString().strip();
    }
    return message.hasNonNull("sticker")
        ? ("[sticker] " + message.path("sticker").path("emoji").asText("")).strip()
        : "";
  }

  private static String contact(JsonNode contact) {
    String name =
        contact.path("first_name").asText("") + " " + contact.path("last_name").asText("");
    return "[contact] " + name.strip() + ", " + contact.path("phone_number").asText("no number");
  }

  private static String venue(JsonNode venue) {
    return "[venue] %s, %s (%s)"
        .formatted(
            venue.path("title").asText("?"),
            venue.path("address").asText("?"),
            position(venue.path("location")));
  }

  private static String position(JsonNode location) {
    return location.path("latitude").asText("?") + ", " + location.path("longitude").asText("?");
  }

  private static String poll(JsonNode poll) {
    StringBuilder text = new StringBuilder("[poll] ").append(poll.path("question").asText("?"));
    poll.path("options").forEach(option -> line(text, option));
    return text.toString();
  }

  private static String checklist(JsonNode list) {
    StringBuilder text = new StringBuilder("[checklist] ").append(list.path("title").asText("?"));
    list.path("tasks").forEach(task -> line(text, task));
    return text.toString();
  }

  private static void line(StringBuilder text, JsonNode option) {
    text.append("\n- ").append(option.path("text").asText("?"));
  }

  /** Rich text is a string, a list, or an object around more of it (Bot API, "RichText"). */
  private static void rich(JsonNode node, StringBuilder text) {
    if (node.isTextual()) {
      text.append(node.textValue());
    } else if (node.isArray()) {
      node.forEach(element -> rich(element, text));
    } else if (node.isObject()) {
      rich(node.path("text"), text);
      for (String parts : List.of("blocks", "items", "cells")) {
        lines(node.path(parts), text);
      }
    }
  }

  private static void lines(JsonNode parts, StringBuilder text) {
    for (JsonNode part : parts) {
      rich(part, text);
      text.append('\n');
    }
  }
}
