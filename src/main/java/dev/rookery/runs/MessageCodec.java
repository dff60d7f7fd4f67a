package dev.rookery.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Messages as rows: a role and one JSON object. */
final class MessageCodec {
  private MessageCodec() {}

  static String role(ModelMessage message) {
    return switch (message) {
      case ModelMessage.User _ -> "user";
      case ModelMessage.Assistant _ -> "assistant";
      case ModelMessage.ToolAnswer _ -> "tool";
    };
  }

  static String write(ModelMessage message) {
    ObjectNode json = Json.object();
    switch (message) {
      case ModelMessage.User(var text) -> json.put("text", text);
      case ModelMessage.Assistant(var text, var calls) -> {
        json.put("text", text);
        json.set("calls", calls(calls));
      }
      case ModelMessage.ToolAnswer(var id, var tool, var text, var error) ->
          json.put("call_id", id).put("tool", tool).put("text", text).put("error", error);
    }
    return Json.write(json);
  }

  static JsonNode calls(List<ToolCall> calls) {
    var array = Json.mapper().createArrayNode();
    for (ToolCall call : calls) {
      ObjectNode json = array.addObject().put("id", call.id()).put("tool", call.tool());
      json.set("arguments", call.arguments());
    }
    return array;
  }

  static ModelMessage read(String role, String content) {
    JsonNode json = Json.parse(content);
    String text = json.path("text").asText();
    return switch (role) {
      case "user" -> new ModelMessage.User(text);
      case "assistant" -> {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : json.path("calls")) {
          calls.add(
              new ToolCall(
                  call.path("id").asText(), call.path("tool").asText(), call.path("arguments")));
        }
        yield new ModelMessage.Assistant(text, calls);
      }
      case "tool" ->
          new ModelMessage.ToolAnswer(
              json.path("call_id").asText(),
              json.path("tool").asText(),
              text,
              json.path("error").asBoolean());
      default -> throw new IllegalStateException("a message has the unknown role " + role);
    };
  }
}
