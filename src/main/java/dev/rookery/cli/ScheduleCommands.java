package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verbs of {@code policies} for those that wake by the clock. */
final class ScheduleCommands {
  private ScheduleCommands() {}

  static List<Column> columns(Output output) {
    return List.of(
        Column.field("TIME", "nominal_at"),
        new Column("TIMES", item -> item.path("count").asText()),
        Column.field("VERDICT", "verdict"),
        Column.field("REASON", "reason"),
        Column.field("RESULT", "result"),
        Column.field("RUN", "run"),
        output.since("DECIDED", "decided_at"));
  }

  /** {@code policies preview}. */
  @Command(
      name = "preview",
      description = {
        "Show when a schedule is due next, one time per line.",
        "One that is not saved yet: rookery schedules preview.",
      },
      footer = {
        "  rookery policies preview rook/report",
        "  rookery policies preview pol_… --json"
      })
  static final class Preview implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    Preview(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode schedule = context.api().get(policy.route(context, "/schedule"));
      ObjectNode shown = Json.object().put("words", schedule.path("words").asText());
      shown.set("next", schedule.path("next"));
      shown.set("notes", schedule.path("notes"));
      Output output = context.output();
      output.one(
          shown,
          () -> {
            shown.path("next").forEach(time -> output.line(time.asText()));
            shown.path("notes").forEach(note -> output.note(Glyphs.line(note.asText())));
          });
      return Exit.OK;
    }
  }

  /** {@code policies run-now}. */
  @Command(
      name = "run-now",
      description = "Fire a schedule now. Its times stay as they are.",
      footer = "  rookery policies run-now rook/report")
  static final class RunNow implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    RunNow(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode fired = context.api().post(policy.route(context, "/run-now"), Json.object());
      Output output = context.output();
      output.one(
          fired,
          () ->
              output.line(
                  fired.path("event").isTextual()
                      ? "Fired as " + fired.path("event").asText() + "."
                      : "Waits in line: a run of it is not over."));
      return Exit.OK;
    }
  }

  /** {@code policies backfill}. */
  @Command(
      name = "backfill",
      description = {
        "Run the times of a span that did not run: missed, paused, skipped, or before it was made.",
        "What fired never fires again. At most 100 times.",
      },
      footer =
          "  rookery policies backfill rook/report --from 2027-01-30T00:00:00Z --to 2027-01-31T00:00:00Z")
  static final class Backfill implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    @Option(names = "--from", required = true, paramLabel = "<time>", description = "Its begin.")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "<time>", description = "Its end.")
    private String to = "";

    Backfill(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body = Json.object().put("from", from).put("to", to);
      JsonNode page = context.api().post(policy.route(context, "/backfill"), body);
      Output output = context.output();
      output.list(page, columns(output));
      return Exit.OK;
    }
  }

  /** {@code policies occurrences}. */
  @Command(
      name = "occurrences",
      description = "List the times of a schedule and what became of each, newest first.",
      footer = {
        "  rookery policies occurrences rook/report",
        "  rookery policies occurrences rook/report --verdict missed --json=nominal_at,reason",
      })
  static final class Ledger implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();
    @Mixin private Listing listing = new Listing();

    @Option(
        names = "--verdict",
        paramLabel = "<verdict>",
        description = "Only fired, late, skipped_overlap, missed, paused or backfilled.")
    private @Nullable String verdict;

    Ledger(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = policy.route(context, "/occurrences").with("verdict", verdict);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(page, columns(output));
      return Exit.OK;
    }
  }

  /** {@code schedules list}. */
  @Command(
      name = "list",
      description = "List the policies that wake agents by the clock.",
      footer = {"  rookery schedules list", "  rookery schedules list --json=name,next_run_at"})
  static final class ListSchedules implements Callable<Integer> {
    private final Context context;

    ListSchedules(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Output output = context.output();
      output.list(
          context.api().get(Route.of("schedules")),
          List.of(
              Column.field("ID", "id"),
              Column.field("AGENT", "agent"),
              Column.field("STATE", "state"),
              Column.field("WHEN", "words"),
              output.since("NEXT", "next_run_at"),
              output.since("LAST RUN", "last_run_at"),
              Column.field("FAILING", "failing"),
              Column.field("NAME", "name")));
      return Exit.OK;
    }
  }

  /** {@code schedules show}. */
  @Command(
      name = "show",
      description = "Show a schedule: what comes, what became of its last times, how often what.",
      footer = {"  rookery schedules show rook/report", "  rookery schedules show pol_… --json"})
  static final class Show implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode schedule = context.api().get(policy.route(context, "/schedule"));
      Output output = context.output();
      output.one(schedule, () -> print(output, schedule));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode schedule) {
      PolicyPage.print(output, schedule);
      StringBuilder counts = new StringBuilder();
      schedule.path("counts").properties().stream()
          .filter(count -> count.getValue().asLong() > 0)
          .forEach(
              count ->
                  counts
                      .append(counts.isEmpty() ? "" : ", ")
                      .append(count.getValue().asLong())
                      .append(' ')
                      .append(count.getKey()));
      output.facts(
          List.of(
              new String[] {"due", Output.text(schedule, "words")},
              new String[] {"fires next", Output.text(schedule, "next_run_at")},
              new String[] {"so far", counts.isEmpty() ? "-" : counts.toString()},
              new String[] {"failing", failing(schedule)}));
      output.heading("Next times");
      schedule.path("next").forEach(time -> output.line(time.asText()));
      schedule.path("notes").forEach(note -> output.note(Glyphs.line(note.asText())));
      output.heading("Last times");
      output.table(schedule.path("last"), columns(output));
    }

    private static String failing(JsonNode schedule) {
      return schedule.path("failing").asBoolean()
          ? schedule.path("failures_in_a_row").asText() + " in a row"
          : "-";
    }
  }
}
