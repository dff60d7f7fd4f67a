package dev.rookery.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.spend.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task of a call of {@code delegate}; null for what it leaves to the parent.
 *
 * @param agent handle or id
 * @param tools names; empty for none at all
 */
record Task(
    String text,
    @Nullable String agent,
    @Nullable List<String> tools,
    @Nullable Money budget,
    @Nullable Duration deadline,
    @Nullable String name) {

  /**
   * @param arguments of a call, which fit the schema
   * @throws dev.rookery.kernel.Refusal {@code bad-amount}
   */
  static List<Task> all(JsonNode arguments) {
    List<Task> tasks = new ArrayList<>();
    arguments.path("tasks").forEach(task -> tasks.add(of(task)));
    return tasks;
  }

  private static Task of(JsonNode task) {
    return new Task(
        task.path("task").asText(),
        text(task, "agent"),
        task.hasNonNull("tools") ? names(task.path("tools")) : null,
        task.hasNonNull("budget_usd") ? Money.of(task.path("budget_usd").decimalValue()) : null,
        task.hasNonNull("deadline_minutes")
            ? Duration.ofMinutes(task.path("deadline_minutes").asLong())
            : null,
        text(task, "name"));
  }

  private static @Nullable String text(JsonNode task, String field) {
    return task.hasNonNull(field) ? task.path(field).asText() : null;
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }
}
