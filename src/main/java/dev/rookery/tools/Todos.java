package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import java.util.List;
import java.util.stream.Collectors;

/** What agents mean to do, one list for each agent and conversation. */
final class Todos {
  private final Database database;

  Todos(Database database) {
    this.database = database;
  }

  /**
   * One thing to do.
   *
   * @param status {@code pending}, {@code in_progress} or {@code done}
   */
  record Item(String text, String status) {
    String line() {
      String mark =
          switch (status) {
            case "done" -> "[x] ";
            case "in_progress" -> "[~] ";
            default -> "[ ] ";
          };
      return mark + text;
    }
  }

  /** Whose list. */
  record Key(OrgId org, AgentId agent, String conversation) {
    static Key of(Tool.Caller caller) {
      return new Key(caller.org(), caller.agent(), caller.conversation());
    }
  }

  List<Item> show(Key key) {
    return database
        .read(key.org(), tx -> TodoStore.find(tx, key.org(), key))
        .map(json -> items(Json.parse(json)))
        .orElse(List.of());
  }

  void replace(Key key, JsonNode items) {
    database.write(key.org(), tx -> TodoStore.put(tx, key.org(), key, Json.write(items)));
  }

  static List<Item> items(JsonNode json) {
    return json.valueStream()
        .map(i -> new Item(i.path("text").asText(), i.path("status").asText("pending")))
        .toList();
  }

  static String text(List<Item> items) {
    return items.isEmpty()
        ? "The list is empty."
        : items.stream().map(Item::line).collect(Collectors.joining("\n"));
  }
}
