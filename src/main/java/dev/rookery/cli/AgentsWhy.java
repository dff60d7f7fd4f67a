package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code agents why}: the wake card. */
@Command(
    name = "why",
    description = {
      "Show why an agent woke or did not, when it wakes next, and what it may do.",
      "--limit and --before page through its decisions.",
    },
    footer = {"  rookery agents why rook", "  rookery agents why rook --limit 100 --json"})
final class AgentsWhy implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<agent>", description = "Handle or id.")
  private String agent = "";

  @Mixin private Listing listing = new Listing();

  AgentsWhy(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode card = context.api().get(listing.page(Route.of("agents/{}/wake-card", agent)));
    Output output = context.output();
    output.one(card, () -> print(output, card));
    return Exit.OK;
  }

  private static void print(Output output, JsonNode card) {
    JsonNode agent = card.path("agent");
    boolean enabled = agent.path("enabled").asBoolean();
    output.line(
        "@%s (%s)%s"
            .formatted(
                Glyphs.line(Output.text(agent, "handle")),
                Output.text(agent, "id"),
                enabled ? "" : " is disabled: nothing wakes it"));
    output.heading("Wakes on");
    output.table(
        card.path("policies"),
        List.of(
            Column.field("NAME", "name"),
            new Column("ON", PolicyPage::when),
            Column.field("STATE", "state"),
            new Column("NEXT", policy -> next(output, policy)),
            new Column("LAST WOKE", policy -> output.ago(at(policy.path("last_woke")))),
            new Column("LAST RUN", AgentsWhy::lastRun),
            new Column("PAUSED", policy -> pause(output, policy))));
    output.heading("Decided last");
    JsonNode decisions = card.path("activations");
    output.table(
        decisions.path("items"),
        List.of(
            output.since("AT", "at"),
            Column.field("DECISION", "decision"),
            Column.field("POLICY", "policy_name"),
            Column.field("FROM", "source"),
            Column.field("RUN", "run"),
            Column.field("WHY", "why")));
    String next = decisions.path("next").asText("");
    if (!next.isEmpty() && !next.equals("null")) {
      output.note("There are more; go on with --before " + next);
    }
    capability(output, card.path("capability"));
  }

  private static String at(JsonNode activation) {
    return activation.path("at").asText("");
  }

  private static String next(Output output, JsonNode policy) {
    JsonNode times = policy.path("next");
    return times.isEmpty() ? "-" : output.ago(times.get(0).asText());
  }

  private static String lastRun(JsonNode policy) {
    JsonNode run = policy.path("last_run");
    return run.isObject() ? Output.text(run, "state") : "-";
  }

  private static String pause(Output output, JsonNode policy) {
    if (!policy.path("state").asText().equals("paused")) {
      return "-";
    }
    String until = Output.text(policy, "paused_until");
    String reason = Output.text(policy, "pause_reason");
    return (until.equals("-") ? "until resumed" : "ends " + output.ago(until))
        + (reason.equals("-") ? "" : ": " + reason);
  }

  private static void capability(Output output, JsonNode capability) {
    output.heading("May use");
    List<JsonNode> offered = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    for (JsonNode tool : capability.path("tools")) {
      if (tool.path("offered").asBoolean()) {
        offered.add(tool);
      } else {
        String rule = tool.path("rule").asText("null");
        hidden.add(Output.text(tool, "tool") + (rule.equals("null") ? "" : " (" + rule + ")"));
      }
    }
    output.table(
        offered,
        List.of(
            Column.field("TOOL", "tool"),
            Column.field("VERDICT", "verdict"),
            Column.field("DECIDED BY", "rule"),
            Column.field("RULES ON IT", "rules"),
            Column.field("CAN", "capabilities")));
    List<String> channels = new ArrayList<>();
    capability
        .path("integrations")
        .forEach(i -> channels.add(Output.text(i, "channel") + " " + Output.text(i, "name")));
    JsonNode network = capability.path("network");
    String hosts = Output.text(network, "allows");
    output.line("");
    output.facts(
        List.of(
            new String[] {"not offered", hidden.isEmpty() ? "-" : String.join(", ", hidden)},
            new String[] {"sandbox may reach", hosts.equals("-") ? "nothing" : hosts},
            new String[] {"hears", channels.isEmpty() ? "-" : String.join(", ", channels)}));
  }
}
