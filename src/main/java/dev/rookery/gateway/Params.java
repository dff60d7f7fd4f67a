package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Params of a request, read strictly. */
record Params(ObjectNode json) {
  private static final int SHORT = 100;

  /**
   * @throws Refusal {@code unknown-parameter}
   */
  Params only(List<String> known) {
    for (String name : (Iterable<String>) json::fieldNames) {
      if (!known.contains(name)) {
        throw Refusal.badInput(
            "unknown-parameter",
            "There is no parameter '%s' here; known are: %s.",
            Text.brief(Text.clean(name), 60),
            known.isEmpty() ? "none" : String.join(", ", known));
      }
    }
    return this;
  }

  boolean has(String name) {
    return json.hasNonNull(name);
  }

  /**
   * @throws Refusal {@code missing-parameter} or {@code bad-parameter}
   */
  String text(String name) {
    String value = textOrNull(name);
    if (value == null) {
      throw Refusal.badInput("missing-parameter", "The parameter '%s' is missing.", name);
    }
    return value;
  }

  @Nullable String textOrNull(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw bad(name, "a text that is not empty");
    }
    return Text.clean(value.textValue());
  }

  /** A text for people, such as the name of a program. */
  @Nullable String label(String name) {
    String value = textOrNull(name);
    if (value != null && value.length() > SHORT) {
      throw bad(name, "a text of up to 100 characters");
    }
    return value;
  }

  /** A number from 0 up, or -1 when there is none. */
  long number(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return -1;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw bad(name, "a whole number from 0 up");
    }
    return value.longValue();
  }

  /** Empty when absent. */
  ObjectNode object(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Json.object();
    }
    if (!(value instanceof ObjectNode object)) {
      throw bad(name, "an object");
    }
    return object;
  }

  static Refusal bad(String name, String what) {
    return Refusal.badInput(
        "bad-parameter", "The parameter '%s' must be %s.", Text.brief(Text.clean(name), 60), what);
  }
}
