package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A body that a {@link Shape} found in order. */
record Fields(ObjectNode json) {
  boolean has(String name) {
    return json.hasNonNull(name);
  }

  /** A required text. */
  String text(String name) {
    return json.path(name).asText();
  }

  @Nullable String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    return json.path(name).asBoolean(otherwise);
  }

  OptionalInt number(String name) {
    return has(name) ? OptionalInt.of(json.path(name).asInt()) : OptionalInt.empty();
  }

  /** Empty when absent. */
  List<String> texts(String name) {
    return json.path(name).valueStream().map(JsonNode::asText).toList();
  }

  /** Empty when absent. */
  ObjectNode object(String name) {
    return has(name) ? (ObjectNode) json.path(name) : Json.object();
  }

  /** Empty when absent. */
  Map<String, String> textMap(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    object(name).properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
    return map;
  }
}
