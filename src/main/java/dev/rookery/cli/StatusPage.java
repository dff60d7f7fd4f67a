package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The state of an organization for people: 24 lines of 80 columns at most. */
final class StatusPage {
  private static final int COLUMNS = 80;
  private static final int NAME = 13;

  private final Output output;
  private final Style style;
  private final String server;
  private final Instant now;
  private final List<String> lines = new ArrayList<>();

  StatusPage(Output output, Style style, String server, Instant now) {
    this.output = output;
    this.style = style;
    this.server = server;
    this.now = now;
  }

  List<String> lines(JsonNode status) {
    Instant started = Ages.parse(status.path("started_at").asText(""));
    String up =
        started.equals(Instant.MIN) ? "" : ", up " + Ages.length(Duration.between(started, now));
    fact("server", server + ", version " + Output.text(status, "version") + up);
    fact(
        "organization",
        Output.text(status.path("org"), "name") + ", agents: " + Output.text(status, "agents"));
    fact("database", Output.text(status, "database"));
    fact("model", Output.text(status.path("model"), "sentence"));
    fact("sandbox", Output.text(status, "sandbox"));
    fact("integrations", integrations(status.path("integrations")));
    fact("runs", counts(status.path("runs")));
    fact("spend today", spend(status));
    if (!status.path("workers").isEmpty()) {
      fact(
          "workers",
          status.path("workers").size() + " active: " + Program.name() + " workers list");
    }
    needsYou(status);
    running(status);
    wakes(status);
    return lines;
  }

  private void fact(String name, String value) {
    if (!value.isEmpty() && !value.equals("-")) {
      String text = Glyphs.fit(Glyphs.line(value), COLUMNS - NAME - 1);
      lines.add(
          style.paint(name, Style.Tone.DIM)
              + " ".repeat(NAME + 1 - name.length())
              + style.paint(text, Style.Tone.of(text)));
    }
  }

  private void heading(String text) {
    lines.add(style.paint(text, Style.Tone.STRONG));
  }

  private void item(String text) {
    lines.add("  " + Glyphs.fit(Glyphs.line(text), COLUMNS - 2));
  }

  private static String counts(JsonNode counts) {
    List<String> parts = new ArrayList<>();
    counts
        .properties()
        .forEach(
            count -> {
              if (count.getValue().asLong() > 0) {
                parts.add(count.getValue().asText() + " " + count.getKey().replace('_', ' '));
              }
            });
    return parts.isEmpty() ? "none yet" : String.join(", ", parts);
  }

  private static String integrations(JsonNode items) {
    List<String> parts = new ArrayList<>();
    for (JsonNode item : items) {
      String off = item.path("enabled").asBoolean(true) ? "" : " (off)";
      parts.add(item.path("name").asText() + " [" + item.path("channel").asText() + "]" + off);
    }
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  /** What was spent since midnight UTC, and how the organization's daily budget stands. */
  private static String spend(JsonNode status) {
    JsonNode total = status.path("spend_today");
    String spent = Dollars.of(total.path("spent"));
    if (spent.equals("-")) {
      return "";
    }
    String amount = (total.path("estimated").asBoolean() ? "~" : "") + spent;
    for (JsonNode budget : status.path("budgets")) {
      if (budget.path("scope").asText().startsWith("org")
          && budget.path("window").asText().equals("day")) {
        String limit = Dollars.of(budget.path(budget.path("hard").isNumber() ? "hard" : "soft"));
        return amount + " of " + limit + "  " + Dollars.bar(budget);
      }
    }
    int budgets = status.path("budgets").size();
    return amount + (budgets == 0 ? ", no budget" : ", budgets: " + budgets);
  }

  /** What waits for a person, each with the command that shows it. */
  private void needsYou(JsonNode status) {
    int before = lines.size();
    JsonNode runs = status.path("runs");
    needed(status.path("pending_approvals").asInt(), "asked for permission", "approvals list");
    needed(
        runs.path("waiting_permission").asInt(),
        "runs wait for a person",
        "runs list --state waiting_permission");
    needed(
        status.path("deliveries").path("unknown").asInt(),
        "perhaps delivered",
        "deliveries list --state unknown");
    needed(status.path("failed_today").asInt(), "runs failed in 24 h", "runs list --state failed");
    needed(status.path("dead_letters").asInt(), "not dispatched", "events list --dispatch dead");
    JsonNode model = status.path("model");
    if (model.has("ready") && !model.path("ready").asBoolean()) {
      item("%-28s %s doctor".formatted("the model is not ready", Program.name()));
    }
    if (lines.size() > before) {
      lines.add(before, style.paint("Needs you", Style.Tone.STRONG));
    }
  }

  private void needed(int count, String what, String command) {
    if (count > 0) {
      item("%-28s %s %s".formatted(count + " " + what, Program.name(), command));
    }
  }

  private void running(JsonNode status) {
    if (!status.path("running").isEmpty()) {
      heading("Running now");
    }
    for (JsonNode run : status.path("running")) {
      item(
          "%-12s %-24s %-12s %s"
              .formatted(
                  Output.text(run, "agent"),
                  Glyphs.fit(Output.text(run, "doing"), 24),
                  output.ago(run.path("since").asText("")),
                  Output.text(run, "conversation")));
    }
  }

  private void wakes(JsonNode status) {
    if (!status.path("next_wakes").isEmpty()) {
      heading("Next wakes");
    }
    for (JsonNode wake : status.path("next_wakes")) {
      item(
          "%-12s %-24s %s"
              .formatted(
                  output.ago(wake.path("next_run_at").asText("")),
                  Glyphs.fit(Output.text(wake, "agent") + "/" + Output.text(wake, "name"), 24),
                  Output.text(wake, "words")));
    }
  }
}
