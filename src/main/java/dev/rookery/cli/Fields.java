package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which fields {@code --json=a,b.c} asks for. In a list they are those of its items. */
record Fields(List<String> paths) {
  Fields {
    paths = List.copyOf(paths);
  }

  /** {@link GlobalOptions#ALL_FIELDS} asks for all. */
  static Fields of(String option) {
    return new Fields(
        option.equals(GlobalOptions.ALL_FIELDS)
            ? List.of()
            : Arrays.stream(option.split(",", -1))
                .map(String::strip)
                .filter(f -> !f.isEmpty())
                .toList());
  }

  /**
   * @throws CliFailure usage, when no object has such a field
   */
  JsonNode select(JsonNode value) {
    if (paths.isEmpty()) {
      return value;
    }
    if (value instanceof ObjectNode object && object.path("items") instanceof ArrayNode items) {
      ObjectNode page = object.deepCopy();
      page.set("items", selectAll(items));
      return page;
    }
    return value instanceof ArrayNode items ? selectAll(items) : one(value, List.of(value));
  }

  private ArrayNode selectAll(ArrayNode items) {
    List<JsonNode> all = new ArrayList<>();
    items.forEach(all::add);
    ArrayNode selected = Json.mapper().createArrayNode();
    all.forEach(item -> selected.add(one(item, all)));
    return selected;
  }

  private ObjectNode one(JsonNode item, List<JsonNode> all) {
    ObjectNode selected = Json.object();
    for (String path : paths) {
      JsonNode found = at(item, path);
      if (found.isMissingNode() && all.stream().allMatch(o -> at(o, path).isMissingNode())) {
        throw CliFailure.usage(
            "There is no field '%s' here. Fields: %s"
                .formatted(path, String.join(", ", names(item))));
      }
      if (found.isMissingNode()) {
        selected.putNull(path);
      } else {
        selected.set(path, found);
      }
    }
    return selected;
  }

  private static JsonNode at(JsonNode item, String path) {
    JsonNode found = item;
    for (String name : path.split("\\.", -1)) {
      found = found.path(name);
    }
    return found;
  }

  private static List<String> names(JsonNode item) {
    List<String> names = new ArrayList<>();
    item.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
