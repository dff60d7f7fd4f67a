package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which fields of an answer are wanted, such as {@code id,state,steps.name}. */
record FieldFilter(Map<String, FieldFilter> inner) {
  static final String PARAMETER = "fields";
  private static final int MAX_LENGTH = 1_000;
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_]{1,60}(\\.[A-Za-z0-9_]{1,60}){0,7}");

  /**
   * @throws Refusal {@code bad-parameter}
   */
  static FieldFilter parse(String text) {
    FieldFilter all = new FieldFilter(new TreeMap<>());
    if (text.length() > MAX_LENGTH) {
      throw bad("has at most " + MAX_LENGTH + " characters");
    }
    for (String path : text.split(",", -1)) {
      if (!PATH.matcher(path).matches()) {
        throw bad("is a list of names such as id,state,steps.name");
      }
      FieldFilter at = all;
      for (String name : path.split("\\.", -1)) {
        at = at.inner().computeIfAbsent(name, _ -> new FieldFilter(new TreeMap<>()));
      }
    }
    return all;
  }

  private static Refusal bad(String how) {
    return Refusal.badInput("bad-parameter", "The parameter 'fields' %s.", how);
  }

  /** The page of a list stays a page: the names are those of its items. */
  JsonNode of(JsonNode body) {
    if (body.path("items").isArray() && body.has("next")) {
      ObjectNode page = Json.object();
      page.set("items", pruned(body.path("items")));
      page.set("next", body.path("next"));
      return page;
    }
    return pruned(body);
  }

  private JsonNode pruned(JsonNode node) {
    if (inner.isEmpty()) {
      return node;
    }
    return switch (node) {
      case ArrayNode array -> {
        ArrayNode kept = Json.mapper().createArrayNode();
        array.forEach(item -> kept.add(pruned(item)));
        yield kept;
      }
      case ObjectNode object -> {
        ObjectNode kept = Json.object();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          FieldFilter wanted = inner.get(field.getKey());
          if (wanted != null) {
            kept.set(field.getKey(), wanted.pruned(field.getValue()));
          }
        }
        yield kept;
      }
      default -> node;
    };
  }
}
