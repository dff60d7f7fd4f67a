package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code status}. */
@Command(
    name = "status",
    description = "What runs, what waits and what failed.",
    footer = {"  rookery status", "  rookery status --json=runs,dead_letters"})
final class StatusCommand implements Callable<Integer> {
  private final Context context;

  StatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode status = context.api().get(Route.of("status"));
    Output output = context.output();
    output.one(status, () -> print(output, status));
    return Exit.OK;
  }

  private void print(Output output, JsonNode status) {
    JsonNode model = status.path("model");
    output.facts(
        List.of(
            new String[] {"server", context.api().address().url()},
            new String[] {"version", Output.text(status, "version")},
            new String[] {"started", output.ago(status.path("started_at").asText(""))},
            new String[] {"organization", Output.text(status.path("org"), "name")},
            new String[] {"database", Output.text(status, "database")},
            new String[] {"model", Output.text(model, "sentence")},
            new String[] {"agents", Output.text(status, "agents")},
            new String[] {"runs", counts(status.path("runs"))},
            new String[] {"deliveries", counts(status.path("deliveries"))},
            new String[] {"dead letters", Output.text(status, "dead_letters")},
            new String[] {"integrations", integrations(status.path("integrations"))}));
    needsYou(output, status);
  }

  private static String counts(JsonNode counts) {
    List<String> parts = new ArrayList<>();
    counts
        .properties()
        .forEach(
            count -> parts.add(count.getValue().asText() + " " + count.getKey().replace('_', ' ')));
    return String.join(", ", parts);
  }

  private static String integrations(JsonNode items) {
    List<String> parts = new ArrayList<>();
    for (JsonNode item : items) {
      String off = item.path("enabled").asBoolean(true) ? "" : " (off)";
      parts.add(item.path("name").asText() + " [" + item.path("channel").asText() + "]" + off);
    }
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  /** What waits for a person, each with the command that shows it. */
  private static void needsYou(Output output, JsonNode status) {
    hint(
        output,
        status.path("pending_approvals").asInt(),
        "requests for permission wait for an answer",
        "approvals list");
    hint(
        output,
        status.path("runs").path("waiting_permission").asInt(),
        "wait for a person",
        "runs list --state waiting_permission");
    hint(
        output,
        status.path("deliveries").path("unknown").asInt(),
        "may or may not have been delivered",
        "deliveries list --state unknown");
    hint(
        output,
        status.path("dead_letters").asInt(),
        "could not be dispatched",
        "events list --dispatch dead");
    JsonNode model = status.path("model");
    if (model.has("ready") && !model.path("ready").asBoolean()) {
      output.note("The model is not ready: " + Output.text(model, "sentence"));
    }
  }

  private static void hint(Output output, int count, String what, String command) {
    if (count > 0) {
      output.note("%d %s: %s %s".formatted(count, what, Program.name(), command));
    }
  }
}
