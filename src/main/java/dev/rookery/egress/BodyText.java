package dev.rookery.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BinaryOperator;

/** The body of a request, as far as it has fields: a JSON object or a form. */
final class BodyText {
  private final String text;
  private final boolean form;

  private BodyText(String text, boolean form) {
    this.text = text;
    this.form = form;
  }

  static BodyText of(GuardedRequest request) {
    byte[] bytes = request.payload().known();
    boolean form =
        request.headers().stream()
            .filter(field -> field.is("Content-Type"))
            .anyMatch(
                field ->
                    field
                        .value()
                        .toLowerCase(Locale.ROOT)
                        .startsWith("application/x-www-form-urlencoded"));
    return new BodyText(bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8), form);
  }

  /** The body with this field set; dots lead into objects, which are made if need be. */
  Payload putting(String field, String value) {
    if (form) {
      String pair = FormText.pair(field, value);
      return payload(text.isEmpty() ? pair : text + "&" + pair);
    }
    ObjectNode root = text.isBlank() ? Json.object() : object();
    ObjectNode at = root;
    String[] path = field.split("\\.");
    for (int i = 0; i < path.length - 1; i++) {
      at = at.get(path[i]) instanceof ObjectNode inner ? inner : at.putObject(path[i]);
    }
    at.put(path[path.length - 1], value);
    return payload(Json.write(root));
  }

  /**
   * The body with texts changed.
   *
   * @param change of the path of a field and its text
   */
  Payload filled(BinaryOperator<String> change) {
    if (form) {
      return payload(FormText.filled(text, change));
    }
    return payload(Json.write(changed("", object(), change)));
  }

  private ObjectNode object() {
    try {
      if (Json.parse(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (Refusal e) {
      throw unreadable();
    }
    throw unreadable();
  }

  private static Refusal unreadable() {
    return Refusal.badInput(
        "secret-misplaced",
        "A secret can stand in a field of a JSON object or of a form; this body is neither.");
  }

  private static JsonNode changed(String path, JsonNode node, BinaryOperator<String> change) {
    if (node instanceof ObjectNode object) {
      ObjectNode result = Json.object();
      object
          .properties()
          .forEach(
              field -> {
                String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                result.set(
                    change.apply("", field.getKey()), changed(below, field.getValue(), change));
              });
      return result;
    }
    if (node.isArray()) {
      var result = Json.mapper().createArrayNode();
      node.forEach(item -> result.add(changed(path + "[]", item, change)));
      return result;
    }
    return node.isTextual()
        ? Json.mapper().getNodeFactory().textNode(change.apply(path, node.asText()))
        : node;
  }

  private static Payload payload(String changed) {
    return new Payload.Bytes(changed.getBytes(StandardCharsets.UTF_8));
  }
}
