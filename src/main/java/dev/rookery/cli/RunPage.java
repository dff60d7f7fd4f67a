package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** One run for people: the chain from what woke it to what it said. */
final class RunPage {
  private static final int TEXT = 400;
  private final Output output;

  RunPage(Output output) {
    this.output = output;
  }

  void print(JsonNode run) {
    output.facts(
        List.of(
            new String[] {"run", Output.text(run, "id")},
            new String[] {"state", Output.text(run, "state")},
            new String[] {"waits for", Output.text(run, "wait_reason")},
            new String[] {"failed", Output.text(run, "failure_reason")},
            new String[] {"outcome", Output.text(run, "outcome")},
            new String[] {"agent", Output.text(run, "agent")},
            new String[] {"conversation", Output.text(run, "conversation")},
            new String[] {"started by", Output.text(run, "parent")},
            new String[] {"attempts", Output.text(run, "attempts")},
            new String[] {"sandbox", sandbox(run.path("sandbox"))},
            new String[] {"cost", cost(run.path("spend"))},
            new String[] {"created", output.ago(run.path("created_at").asText(""))},
            new String[] {"took", RunsCommand.took(run)}));
    section("Why it woke", run.path("activations"), this::activations);
    section("Steps", run.path("steps"), this::steps);
    section("Workers", run.path("workers"), this::workers);
    section("Deliveries", run.path("deliveries"), this::deliveries);
    section("Artifacts", run.path("artifacts"), this::artifacts);
    if (run.path("state").asText().equals("waiting_permission")) {
      run.path("steps").forEach(step -> decision(run, step));
    }
  }

  private static String sandbox(JsonNode seen) {
    if (!seen.isObject()) {
      return "-";
    }
    String tier = Output.text(seen, "tier");
    if (tier.equals("local-plain")) {
      return tier + ", UNSANDBOXED";
    }
    return seen.path("attested").asBoolean() ? tier + ", attested" : tier + ", NOT attested";
  }

  private static String cost(JsonNode spend) {
    if (spend.path("calls").asInt() == 0) {
      return "-";
    }
    return "%s$%s, %,d tokens in, %,d out"
        .formatted(
            spend.path("estimated").asBoolean() ? "~" : "",
            dollars(spend.path("spent").decimalValue()),
            spend.path("input_tokens").asLong(),
            spend.path("output_tokens").asLong());
  }

  private static String dollars(BigDecimal amount) {
    return amount.setScale(Math.max(2, amount.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }

  private void section(
      String title, JsonNode items, java.util.function.Consumer<JsonNode> forPeople) {
    if (!items.isEmpty()) {
      output.heading(title);
      forPeople.accept(items);
    }
  }

  private void activations(JsonNode items) {
    output.table(
        items,
        List.of(
            Column.field("EVENT", "event"),
            Column.field("DECISION", "decision"),
            Column.field("REASON", "reason"),
            Column.field("WHY", "why")));
  }

  private void steps(JsonNode items) {
    output.table(
        items,
        List.of(
            Column.field("#", "seq"),
            Column.field("KIND", "kind"),
            Column.field("NAME", "name"),
            Column.field("STATE", "state"),
            Column.field("TRIES", "attempts"),
            new Column("TOOK", RunsCommand::took),
            new Column("RESULT", RunPage::result)));
  }

  private static String result(JsonNode step) {
    String failed = step.path("failed").asBoolean() ? "failed: " : "";
    for (String field : List.of("detail", "response", "request")) {
      JsonNode value = step.path(field);
      JsonNode text = value.path("text");
      String shown =
          text.isTextual()
              ? text.asText()
              : value.isContainerNode() ? Json.write(value) : value.asText("");
      if (!shown.isBlank() && !shown.equals("null")) {
        return failed + Glyphs.fit(Glyphs.line(shown), TEXT);
      }
    }
    return failed.isEmpty() ? "-" : "failed";
  }

  private void workers(JsonNode items) {
    output.table(
        items,
        List.of(
            Column.field("ID", "id"),
            Column.field("NAME", "name"),
            Column.field("STATE", "state"),
            Column.field("CAUSE", "cause"),
            Column.field("SUMMARY", "summary")));
  }

  private void deliveries(JsonNode items) {
    output.table(
        items,
        List.of(
            Column.field("ID", "id"),
            Column.field("STATE", "state"),
            Column.field("REMOTE ID", "remote_id"),
            Column.field("ERROR", "error"),
            Column.field("TEXT", "text")));
  }

  private void artifacts(JsonNode items) {
    output.table(
        items,
        List.of(
            Column.field("ID", "id"), Column.field("KIND", "kind"), Column.field("NAME", "name")));
  }

  private void decision(JsonNode run, JsonNode step) {
    String verdict = step.path("verdict").asText("");
    if (step.path("state").asText().equals("planned") && verdict.startsWith("ask: ")) {
      output.note(
          "Step %s waits for permission. Look, then decide: %s approvals show %s"
              .formatted(
                  Output.text(step, "seq"), Program.name(), verdict.substring("ask: ".length())));
    }
    if (step.path("state").asText().equals("unknown")) {
      output.note(
          "Step %s may or may not have happened. Decide with: %s runs resolve %s --step %s --as happened|retry|skip"
              .formatted(
                  Output.text(step, "seq"),
                  Program.name(),
                  Output.text(run, "id"),
                  Output.text(step, "seq")));
    }
  }
}
