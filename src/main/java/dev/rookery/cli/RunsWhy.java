package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code runs why}: one run, link by link. */
@Command(
    name = "why",
    description = {
      "Show why a run is there and what let it act: what came in, which policy took it,",
      "each step with the rule or the person that decided, and what left.",
    },
    footer = {"  rookery runs why run_…", "  rookery runs why run_… --json"})
final class RunsWhy implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<run>", description = "Id of the run.")
  private String id = "";

  RunsWhy(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode why = context.api().get(Route.of("runs/{}/why", id));
    Output output = context.output();
    output.one(why, () -> print(output, why));
    return Exit.OK;
  }

  private static void print(Output output, JsonNode why) {
    JsonNode run = why.path("run");
    output.line(
        "%s of @%s is %s%s"
            .formatted(
                Output.text(run, "id"),
                Glyphs.line(Output.text(why, "agent_handle")),
                Output.text(run, "state"),
                outcome(run)));
    for (JsonNode event : why.path("events")) {
      output.heading("Event " + Output.text(event, "id"));
      event(output, event);
    }
    if (!why.path("steps").isEmpty()) {
      output.heading("Steps");
      output.table(
          why.path("steps"),
          List.of(
              Column.field("#", "seq"),
              Column.field("KIND", "kind"),
              Column.field("NAME", "name"),
              Column.field("VERDICT", "verdict"),
              new Column("DECIDED BY", RunsWhy::decidedBy),
              Column.field("STATE", "state"),
              new Column("TOOK", RunsCommand::took)));
    }
    left(output, why.path("deliveries"));
    if (!why.path("attended").asBoolean()) {
      output.line("");
      output.line("Nobody was there to be asked: what no rule allows is denied.");
    }
  }

  private static void left(Output output, JsonNode deliveries) {
    if (!deliveries.isEmpty()) {
      output.heading("Left");
      output.table(
          deliveries,
          List.of(
              Column.field("DELIVERY", "id"),
              Column.field("STATE", "state"),
              Column.field("REMOTE ID", "remote_id"),
              Column.field("TEXT", "text")));
    }
  }

  private static String outcome(JsonNode run) {
    String outcome = RunsCommand.outcome(run);
    return outcome.equals("-") ? "" : ": " + Glyphs.line(outcome);
  }

  private static void event(Output output, JsonNode event) {
    output.facts(
        List.of(
            new String[] {"came in", Output.text(event, "type") + " at " + source(event)},
            new String[] {
              "said by",
              "%s (%s), trust %s"
                  .formatted(
                      Output.text(event, "actor"),
                      Output.text(event, "actor_kind"),
                      Output.text(event, "trust"))
            },
            new String[] {"when", output.ago(event.path("received_at").asText(""))},
            new String[] {"text", Output.text(event, "text")}));
    output.table(
        event.path("decisions"),
        List.of(
            new Column("", decision -> decision.path("this_run").asBoolean() ? "→" : ""),
            Column.field("POLICY", "policy_name"),
            Column.field("TRIGGER", "trigger"),
            Column.field("GATE", "gate"),
            Column.field("DECISION", "decision"),
            Column.field("WHY", "why")));
  }

  private static String source(JsonNode event) {
    return Output.text(event, "source");
  }

  /** A rule, or a person by name with the request. */
  private static String decidedBy(JsonNode step) {
    JsonNode approval = step.path("approval");
    if (!approval.isObject()) {
      return Output.text(step, "rule");
    }
    String by = Output.text(approval, "by");
    return "%s %s%s"
        .formatted(
            Output.text(approval, "id"),
            Output.text(approval, "state"),
            by.equals("-") ? "" : " by " + by);
  }
}
