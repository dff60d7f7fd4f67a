package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request. The same declaration reads it, strictly, and documents it. */
record Shape(String name, List<Field> fields) {
  Shape {
    fields = List.copyOf(fields);
  }

  static Shape of(String name, Field... fields) {
    return new Shape(name, List.of(fields));
  }

  /** What a field holds. */
  enum Kind {
    TEXT("a string"),
    BOOLEAN("true or false"),
    INTEGER("a whole number"),
    MILLIS("a whole number of milliseconds"),
    MONEY("an amount of US dollars, as a number or a string"),
    TEXTS("an array of strings"),
    OBJECT("an object"),
    TEXT_MAP("an object of strings");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    boolean fits(JsonNode value) {
      return switch (this) {
        case TEXT -> value.isTextual();
        case BOOLEAN -> value.isBoolean();
        case INTEGER -> value.isIntegralNumber() && value.canConvertToInt();
        case MILLIS -> value.isIntegralNumber() && value.canConvertToLong();
        case MONEY -> value.isNumber() || value.isTextual();
        case TEXTS -> value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
        case OBJECT -> value.isObject();
        case TEXT_MAP -> value.isObject() && value.valueStream().allMatch(JsonNode::isTextual);
      };
    }

    ObjectNode schema() {
      ObjectNode schema = Json.object();
      switch (this) {
        case TEXT -> schema.put("type", "string");
        case BOOLEAN -> schema.put("type", "boolean");
        case INTEGER, MILLIS -> schema.put("type", "integer");
        case MONEY -> schema.putArray("type").add("number").add("string");
        case TEXTS -> schema.put("type", "array").putObject("items").put("type", "string");
        case OBJECT -> schema.put("type", "object");
        case TEXT_MAP ->
            schema.put("type", "object").putObject("additionalProperties").put("type", "string");
      }
      return schema;
    }
  }

  /**
   * One field.
   *
   * @param oneOf what a text may be; empty means anything
   */
  record Field(String name, Kind kind, boolean required, List<String> oneOf, String note) {
    static Field required(String name, Kind kind, String note) {
      return new Field(name, kind, true, List.of(), note);
    }

    static Field optional(String name, Kind kind, String note) {
      return new Field(name, kind, false, List.of(), note);
    }

    Field oneOf(String... values) {
      return new Field(name, kind, required, List.of(values), note);
    }
  }

  /**
   * @throws Refusal {@code malformed-json}, {@code not-an-object}, {@code unknown-field}, {@code
   *     missing-field} or {@code bad-value}
   */
  Fields read(byte[] body) {
    if (!(Json.parse(body) instanceof ObjectNode json)) {
      throw Refusal.badInput("not-an-object", "The body must be a JSON object.");
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      refuseUnknown(names.next());
    }
    for (Field field : fields) {
      check(field, json.get(field.name()));
    }
    return new Fields(json);
  }

  private void refuseUnknown(String name) {
    List<String> known = fields.stream().map(Field::name).toList();
    if (!known.contains(name)) {
      throw Refusal.badInput(
          "unknown-field",
          "There is no field '%s' here; known are: %s.",
          Text.brief(Text.clean(name), 60),
          String.join(", ", known));
    }
  }

  private static void check(Field field, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      if (field.required()) {
        throw Refusal.badInput("missing-field", "The field '%s' is missing.", field.name());
      }
      return;
    }
    if (!field.kind().fits(value)) {
      throw Refusal.badInput(
          "bad-value", "The field '%s' must be %s.", field.name(), field.kind().words);
    }
    if (!field.oneOf().isEmpty() && !field.oneOf().contains(value.textValue())) {
      throw Refusal.badInput(
          "bad-value",
          "The field '%s' must be one of: %s.",
          field.name(),
          String.join(", ", field.oneOf()));
    }
  }

  /** JSON Schema 2020-12. */
  ObjectNode schema() {
    ObjectNode schema = Json.object().put("type", "object");
    ArrayNode required = Json.mapper().createArrayNode();
    ObjectNode properties = schema.putObject("properties");
    for (Field field : fields) {
      ObjectNode property = field.kind().schema().put("description", field.note());
      field.oneOf().forEach(property.withArray("/enum")::add);
      properties.set(field.name(), property);
      if (field.required()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }
}
