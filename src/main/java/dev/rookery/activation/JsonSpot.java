package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place in a JSON document, read strictly: what does not fit is refused with the place's JSON
 * pointer and what is allowed there.
 */
public record JsonSpot(JsonNode node, String pointer) {

  public static JsonSpot root(JsonNode node) {
    return new JsonSpot(node, "");
  }

  public Refusal refuse(String code, String what) {
    String at = pointer.isEmpty() ? "At the top" : "At " + Text.brief(pointer, 200);
    return new Refusal(Refusal.Kind.BAD_INPUT, code, at + ": " + what);
  }

  /** Refuses anything but an object with no other fields than these. */
  public JsonSpot onlyFields(Collection<String> allowed) {
    if (!node.isObject()) {
      throw refuse("bad-value", "expected an object, found " + found() + ".");
    }
    for (var field : node.properties()) {
      if (!allowed.contains(field.getKey())) {
        throw below(field.getKey(), field.getValue()).unknown("field", field.getKey(), allowed);
      }
    }
    return this;
  }

  /** The field, or null when it is absent or JSON null. */
  public @Nullable JsonSpot field(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : below(name, value);
  }

  public JsonSpot required(String name) {
    JsonSpot field = field(name);
    if (field == null) {
      throw refuse("missing-field", "the field '" + name + "' is required.");
    }
    return field;
  }

  public String text(int max) {
    if (!node.isTextual()) {
      throw refuse("bad-value", "expected text, found " + found() + ".");
    }
    if (node.textValue().length() > max) {
      throw refuse("bad-value", "the text is longer than " + max + " characters.");
    }
    return Text.clean(node.textValue());
  }

  public boolean bool() {
    if (!node.isBoolean()) {
      throw refuse("bad-value", "expected true or false, found " + found() + ".");
    }
    return node.booleanValue();
  }

  public long wholeNumber() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw refuse("bad-value", "expected a whole number, found " + found() + ".");
    }
    return node.longValue();
  }

  public List<JsonSpot> items(int max) {
    if (!node.isArray()) {
      throw refuse("bad-value", "expected a list, found " + found() + ".");
    }
    if (node.size() > max) {
      throw refuse("bad-value", "the list has more than " + max + " items.");
    }
    List<JsonSpot> items = new ArrayList<>(node.size());
    for (JsonNode item : node) {
      items.add(below(Integer.toString(items.size()), item));
    }
    return items;
  }

  /** The value of this spelling, of those allowed. */
  public <T> T oneOf(String what, Map<String, T> allowed) {
    String spelled = text(200);
    T value = allowed.get(spelled);
    if (value == null) {
      throw unknown(what, spelled, allowed.keySet());
    }
    return value;
  }

  /** What the node is, in words. */
  public String found() {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "a list";
      case STRING, BINARY -> "text";
      case NUMBER -> "the number " + Text.brief(node.asText(), 30);
      case BOOLEAN -> node.asText();
      case NULL, MISSING -> "null";
    };
  }

  /** Refuses a name that is not one of those allowed. */
  public Refusal unknown(String what, String given, Collection<String> allowed) {
    return refuse(
        "unknown-" + what,
        "there is no %s '%s' here. Allowed: %s."
            .formatted(what, Text.brief(given, 60), String.join(", ", allowed)));
  }

  private JsonSpot below(String name, JsonNode value) {
    return new JsonSpot(value, pointer + '/' + name.replace("~", "~0").replace("/", "~1"));
  }
}
