package dev.rookery.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Choices as the outbox stores them: an array of objects, or nothing when there are none. */
final class ChoiceCodec {
  private ChoiceCodec() {}

  static @Nullable String write(List<Choice> choices) {
    if (choices.isEmpty()) {
      return null;
    }
    ArrayNode array = Json.object().putArray("choices");
    choices.forEach(c -> array.addObject().put("label", c.label()).put("value", c.value()));
    return Json.write(array);
  }

  static List<Choice> read(@Nullable String stored) {
    List<Choice> choices = new ArrayList<>();
    if (stored != null) {
      for (JsonNode choice : Json.parse(stored)) {
        choices.add(new Choice(choice.path("label").asText(), choice.path("value").asText()));
      }
    }
    return choices;
  }
}
