package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Strict reading of one mapping of a script. Every complaint names the file, the rule and the
 * field.
 *
 * @param where e.g. {@code greetings.yaml: rule 3}
 * @param path e.g. {@code then.failure}; empty at the top
 */
record ScriptFields(String where, String path, JsonNode node) {
  private static final long MAX_MILLIS = 600_000;

  ScriptFields {
    if (!node.isObject()) {
      throw refusal(where, path, "must be a mapping");
    }
  }

  void only(String... known) {
    Set<String> allowed = Set.copyOf(Arrays.asList(known));
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!allowed.contains(name)) {
                throw refusal(
                    where, at(name), "is not known; known are: " + String.join(", ", known));
              }
            });
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  @Nullable ScriptFields inner(String name) {
    return has(name) ? new ScriptFields(where, at(name), node.get(name)) : null;
  }

  /** Numbers and booleans count as text: YAML reads an unquoted 42 as a number. */
  @Nullable String text(String name) {
    if (!has(name)) {
      return null;
    }
    JsonNode value = node.get(name);
    if (!value.isValueNode()) {
      throw refusal(where, at(name), "must be a text");
    }
    return value.asText();
  }

  @Nullable Boolean flag(String name) {
    if (!has(name)) {
      return null;
    }
    if (!node.get(name).isBoolean()) {
      throw refusal(where, at(name), "must be true or false");
    }
    return node.get(name).asBoolean();
  }

  @Nullable Integer number(String name, int least, int most) {
    if (!has(name)) {
      return null;
    }
    JsonNode value = node.get(name);
    if (!value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.asInt() < least
        || value.asInt() > most) {
      throw refusal(where, at(name), "must be a whole number from " + least + " to " + most);
    }
    return value.asInt();
  }

  int number(String name, int least, int most, int otherwise) {
    Integer given = number(name, least, most);
    return given == null ? otherwise : given;
  }

  @Nullable Duration millis(String name) {
    Integer given = number(name, 0, (int) MAX_MILLIS);
    return given == null ? null : Duration.ofMillis(given);
  }

  <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String given = text(name);
    if (given == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(given.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants())
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw refusal(where, at(name), "must be one of: " + known);
  }

  List<ScriptFields> list(String name) {
    List<ScriptFields> items = new ArrayList<>();
    if (has(name)) {
      if (!node.get(name).isArray()) {
        throw refusal(where, at(name), "must be a list");
      }
      for (JsonNode item : node.get(name)) {
        items.add(new ScriptFields(where, at(name) + "[" + (items.size() + 1) + "]", item));
      }
    }
    return items;
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  Refusal refusal(String name, String complaint) {
    return refusal(where, at(name), complaint);
  }

  private static Refusal refusal(String where, String field, String complaint) {
    String named = field.isEmpty() ? "it" : field;
    return Refusal.badInput("bad-script", "The script %s: %s %s.", where, named, complaint);
  }
}
