package dev.rookery.occurrences.own;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.schedules.Timetable;
import java.time.Duration;
import java.util.List;

/** What an agent asks for, as settings of a policy. */
final class Wish {
  private static final List<String> TIMES = List.of("every", "cron", "daily", "once");

  private Wish() {}

  static boolean namesTimes(JsonNode wish) {
    return TIMES.stream().anyMatch(wish::hasNonNull);
  }

  /**
   * @return {@code interval}, {@code cron}, {@code daily} or {@code once}
   * @throws Refusal {@code bad-times} unless it names exactly one kind
   */
  static String trigger(JsonNode wish) {
    List<String> named = TIMES.stream().filter(wish::hasNonNull).toList();
    if (named.size() != 1) {
      throw Refusal.badInput(
          "bad-times",
          "Give exactly one of every, cron, daily and once; you gave %s.",
          named.isEmpty() ? "none" : String.join(", ", named));
    }
    return named.getFirst().equals("every") ? "interval" : named.getFirst();
  }

  static ObjectNode config(JsonNode wish) {
    ObjectNode config = Json.object();
    change(config.put("overlap", "skip"), wish);
    return config;
  }

  /** Sets what the wish names and leaves the rest. */
  static void change(ObjectNode config, JsonNode wish) {
    if (wish.hasNonNull("prompt")) {
      config.put("prompt", wish.path("prompt").asText());
    }
    if (namesTimes(wish)) {
      config.remove(List.of("every_ms", "anchor", "cron", "daily", "once", "zone"));
      times(config, trigger(wish), wish);
    }
  }

  private static void times(ObjectNode config, String trigger, JsonNode wish) {
    if (trigger.equals("interval")) {
      if (Timetable.interval(wish.path("every").asText(), null)
          instanceof Timetable.Interval(Duration every, _)) {
        config.put("every_ms", atLeast(every).toMillis());
      }
      return;
    }
    config.set(trigger, wish.path(trigger));
    if (wish.hasNonNull("zone")) {
      config.put("zone", wish.path("zone").asText());
    }
  }

  private static Duration atLeast(Duration every) {
    if (every.compareTo(OwnSchedules.SHORTEST) < 0) {
      throw Refusal.badInput(
          "too-short",
          "An interval of your own is at least %d seconds; you gave %d.",
          OwnSchedules.SHORTEST.toSeconds(),
          every.toSeconds());
    }
    return every;
  }
}
