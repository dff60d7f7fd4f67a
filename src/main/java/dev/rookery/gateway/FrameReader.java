package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Set;

/** Reads what clients send. Never throws: what it was sent is a value. */
final class FrameReader {
  private static final Set<String> FIELDS = Set.of("type", "id", "method", "params");
  private static final int MAX_ID = 100;

  private FrameReader() {}

  static Frame read(String text) {
    JsonNode json;
    try {
      json = Json.parse(text);
    } catch (Refusal e) {
      return new Frame.Broken("a frame was not JSON");
    }
    if (!(json instanceof ObjectNode object)) {
      return new Frame.Broken("a frame was not a JSON object");
    }
    if (!object.path("type").asText().equals("req")) {
      return new Frame.Broken("a frame had not the type req");
    }
    JsonNode id = object.path("id");
    if (!id.isTextual() || id.textValue().isEmpty() || id.textValue().length() > MAX_ID) {
      return new Frame.Broken("a request had no id of 1 to 100 characters");
    }
    return request(Text.clean(id.textValue()), object);
  }

  private static Frame request(String id, ObjectNode object) {
    for (String field : (Iterable<String>) object::fieldNames) {
      if (!FIELDS.contains(field)) {
        return new Frame.Faulty(
            id,
            Refusal.badInput(
                "unknown-field",
                "A request has no field '%s'; it has type, id, method and params.",
                Text.brief(Text.clean(field), 60)));
      }
    }
    JsonNode method = object.path("method");
    if (!method.isTextual()) {
      return new Frame.Faulty(
          id, Refusal.badInput("missing-field", "The request names no 'method'."));
    }
    JsonNode params = object.path("params");
    if (params.isMissingNode() || params.isNull()) {
      return new Frame.Asked(id, method.textValue(), Json.object());
    }
    return params instanceof ObjectNode fields
        ? new Frame.Asked(id, method.textValue(), fields)
        : new Frame.Faulty(
            id, Refusal.badInput("bad-value", "The 'params' of a request must be an object."));
  }
}
