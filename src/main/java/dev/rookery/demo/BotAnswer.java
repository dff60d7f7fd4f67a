package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;

/** One HTTP answer in the shape of the Bot API. */
record BotAnswer(int status, String body) {

  static BotAnswer ok(JsonNode result) {
    ObjectNode answer = Json.object().put("ok", true);
    answer.set("result", result);
    return new BotAnswer(200, Json.write(answer));
  }

  static BotAnswer done() {
    return ok(BooleanNode.TRUE);
  }

  static BotAnswer error(int status, String description) {
    return error(status, description, Json.object());
  }

  static BotAnswer error(int status, String description, ObjectNode parameters) {
    ObjectNode answer =
        Json.object().put("ok", false).put("error_code", status).put("description", description);
    if (!parameters.isEmpty()) {
      answer.set("parameters", parameters);
    }
    return new BotAnswer(status, Json.write(answer));
  }

  static BotAnswer badRequest(String why) {
    return error(400, "Bad Request: " + why);
  }
}
