package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;

/** What many routes take and answer besides, documented once. */
final class SharedParameters {
  private SharedParameters() {}

  private enum Shared {
    IDEMPOTENCY_KEY(
        Idempotency.HEADER,
        "header",
        "1 to 200 printable characters; the same request again is not performed again"),
    IF_MATCH("If-Match", "header", "an ETag; 412 when the thing has another by now"),
    IF_NONE_MATCH("If-None-Match", "header", "an ETag; 304 when the answer still has it"),
    FIELDS(
        FieldFilter.PARAMETER,
        "query",
        "only these, such as id,state,steps.name; of items in lists");

    private final String name;
    private final String in;
    private final String note;

    Shared(String name, String in, String note) {
      this.name = name;
      this.in = in;
      this.note = note;
    }

    private String key() {
      return name.replace("-", "");
    }

    private ObjectNode reference() {
      return Json.object().put("$ref", "#/components/parameters/" + key());
    }
  }

  static void enter(ObjectNode components) {
    ObjectNode parameters = components.putObject("parameters");
    for (Shared shared : Shared.values()) {
      parameters
          .putObject(shared.key())
          .put("name", shared.name)
          .put("in", shared.in)
          .put("description", shared.note)
          .putObject("schema")
          .put("type", "string");
    }
    ObjectNode headers = components.putObject("headers");
    header(headers, "ETag", "changes whenever the answer does");
    header(
        headers, "IdempotencyReplayed", "true when this is the stored answer of the first request");
  }

  private static void header(ObjectNode headers, String key, String note) {
    headers.putObject(key).put("description", note).putObject("schema").put("type", "string");
  }

  static List<ObjectNode> of(Route route) {
    List<ObjectNode> parameters = new ArrayList<>();
    if (!(route.access() instanceof Access.Key)) {
      return parameters;
    }
    switch (route.method()) {
      case "GET" -> {
        if (route.json()) {
          parameters.add(Shared.FIELDS.reference());
          parameters.add(Shared.IF_NONE_MATCH.reference());
        }
      }
      case "POST" -> parameters.add(Shared.IDEMPOTENCY_KEY.reference());
      default -> parameters.add(Shared.IF_MATCH.reference());
    }
    return parameters;
  }

  static void headers(Route route, ObjectNode success) {
    if (route.json()) {
      reference(success, "ETag", "ETag");
    } else if (route.method().equals("POST") && route.access() instanceof Access.Key) {
      reference(success, Idempotency.REPLAYED, "IdempotencyReplayed");
    }
  }

  private static void reference(ObjectNode success, String name, String key) {
    success.putObject("headers").putObject(name).put("$ref", "#/components/headers/" + key);
  }
}
