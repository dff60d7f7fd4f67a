package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a policy meets what is there: runs, places, bots. */
final class MeetOptions {
  @Option(
      names = "--mode",
      paramLabel = "<mode>",
      description = "While a run of the same conversation is active: steer, followup or collect.")
  private @Nullable String mode;

  @Option(
      names = "--gate",
      paramLabel = "<gate>",
      description = "What is asked between match and wake: none or relevance.")
  private @Nullable String gate;

  @Option(
      names = "--debounce",
      paramLabel = "<time>",
      converter = TimeLimit.class,
      description = "How long a collecting run waits for more.")
  private @Nullable Duration debounce;

  @Option(
      names = "--cooldown",
      paramLabel = "<time>",
      converter = TimeLimit.class,
      description = "Shortest time between two wakes.")
  private @Nullable Duration cooldown;

  @Option(
      names = "--resource",
      paramLabel = "<id>",
      description = "A chat, channel … it is limited to, by the channel's id; repeatable.")
  private List<String> resources = new ArrayList<>();

  @Option(
      names = "--tool",
      paramLabel = "<tool>",
      description = "A tool its runs are narrowed to; repeatable.")
  private List<String> tools = new ArrayList<>();

  @Option(names = "--allow-bots", negatable = true, description = "Whether bots wake it too.")
  private @Nullable Boolean allowBots;

  @Option(
      names = "--on-edit",
      negatable = true,
      description = "Whether an edited message counts as a new one.")
  private @Nullable Boolean onEdit;

  @Option(names = "--enabled", negatable = true, description = "Whether it is on.")
  private @Nullable Boolean enabled;

  void into(ObjectNode body) {
    text(body, "mode", mode);
    text(body, "gate", gate);
    if (debounce != null) {
      body.put("debounce_ms", debounce.toMillis());
    }
    if (cooldown != null) {
      body.put("cooldown_ms", cooldown.toMillis());
    }
    texts(body, "resource_ids", resources);
    texts(body, "tool_ids", tools);
    if (allowBots != null) {
      body.withObject("/config").put("allow_bots", allowBots);
    }
    if (onEdit != null) {
      body.withObject("/config").put("on_edit", onEdit);
    }
    if (enabled != null) {
      body.put("enabled", enabled);
    }
  }

  private static void text(ObjectNode body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static void texts(ObjectNode body, String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(name);
      values.forEach(array::add);
    }
  }
}
