package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Activation policies for people. */
final class PolicyPage {
  private static final int TEXT = 60;

  private PolicyPage() {}

  static List<Column> columns() {
    return List.of(
        Column.field("ID", "id"),
        Column.field("AGENT", "agent"),
        Column.field("STATE", "state"),
        new Column("WAKES ON", PolicyPage::when),
        Column.field("NAME", "name"));
  }

  /** What it reacts to, in a few words: {@code every 1 h}, {@code mention}. */
  static String when(JsonNode policy) {
    JsonNode config = policy.path("config");
    String zone = config.path("zone").asText("");
    String in = zone.isEmpty() || zone.equals("UTC") ? "" : " " + zone;
    return switch (policy.path("trigger").asText()) {
      case "interval" -> "every " + span(config.path("every_ms").asLong());
      case "cron" -> "cron " + config.path("cron").asText() + in;
      case "daily" -> "daily " + Output.text(config, "daily") + in;
      case "once" -> "once " + config.path("once").asText();
      default -> Output.text(policy, "trigger");
    };
  }

  /** {@code 90 s}, {@code 1 h}: the largest unit that says it exactly. */
  static String span(long millis) {
    Duration time = Duration.ofMillis(millis);
    if (millis == 0 || millis % 1_000 != 0) {
      return millis + " ms";
    }
    if (time.toSeconds() % 86_400 == 0) {
      return time.toDays() + " d";
    }
    if (time.toSeconds() % 3_600 == 0) {
      return time.toHours() + " h";
    }
    return time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }

  static void print(Output output, JsonNode policy) {
    List<String[]> facts = new ArrayList<>();
    for (String name : List.of("id", "name", "agent", "state")) {
      facts.add(new String[] {name, Output.text(policy, name)});
    }
    facts.add(new String[] {"paused until", Output.text(policy, "paused_until")});
    facts.add(new String[] {"paused for", Output.text(policy, "pause_reason")});
    facts.add(new String[] {"wakes on", when(policy)});
    policy.path("config").properties().stream()
        .filter(field -> !List.of("every_ms", "cron", "daily", "once").contains(field.getKey()))
        .forEach(field -> facts.add(new String[] {field.getKey(), value(policy, field.getKey())}));
    JsonNode filter = policy.path("filter");
    facts.add(new String[] {"filter", filter.isObject() ? Json.write(filter) : "-"});
    facts.add(new String[] {"resources", Output.text(policy, "resource_ids")});
    facts.add(new String[] {"tools", Output.text(policy, "tool_ids")});
    facts.add(new String[] {"mode", Output.text(policy, "mode")});
    facts.add(new String[] {"gate", unless(policy, "gate", "none")});
    facts.add(new String[] {"cooldown", span(policy, "cooldown_ms")});
    facts.add(
        new String[] {
          "debounce",
          policy.path("mode").asText().equals("collect") ? span(policy, "debounce_ms") : "-"
        });
    facts.add(new String[] {"created", output.ago(policy.path("created_at").asText(""))});
    output.facts(facts);
  }

  private static String value(JsonNode policy, String name) {
    String text = Output.text(policy.path("config"), name);
    return name.endsWith("_ms")
        ? span(policy.path("config").path(name).asLong())
        : Glyphs.fit(Glyphs.line(text), 4 * TEXT);
  }

  private static String unless(JsonNode policy, String name, String usual) {
    String text = Output.text(policy, name);
    return text.equals(usual) ? "-" : text;
  }

  private static String span(JsonNode policy, String name) {
    long millis = policy.path(name).asLong();
    return millis == 0 ? "-" : span(millis);
  }
}
