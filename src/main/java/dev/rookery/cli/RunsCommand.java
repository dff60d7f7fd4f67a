package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs: what agents did and do. */
@Command(
    name = "runs",
    description = "Look at runs, cancel and repeat them, decide where one waits for a person.",
    subcommands = {
      RunsCommand.ListRuns.class,
      RunsCommand.Show.class,
      RunsTail.class,
      RunsWhy.class,
      RunsCommand.Cancel.class,
      RunsAgain.Retry.class,
      RunsAgain.Fork.class,
      RunsExport.class,
      RunsCommand.Resolve.class
    },
    footer = {
      "  rookery runs list --state failed",
      "  rookery runs show run_…",
      "  rookery runs tail run_…",
      "  rookery runs resolve run_… --step 3 --as happened",
    })
final class RunsCommand {

  /** Where a run can stand. */
  enum State {
    queued,
    running,
    waiting_permission,
    done,
    failed,
    cancelled
  }

  /** {@code runs list}. */
  @Command(
      name = "list",
      description = "List runs, newest first.",
      footer = {
        "  rookery runs list",
        "  rookery runs list --agent rook --state waiting_permission -q",
      })
  static final class ListRuns implements Callable<Integer> {
    private final Context context;

    @Option(names = "--state", paramLabel = "<state>", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Handle or id.")
    private @Nullable String agent;

    @Mixin private Listing listing = new Listing();

    ListRuns(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("runs").with("state", state).with("agent", agent);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("CREATED", "created_at"),
              new Column("TOOK", RunsCommand::took),
              Column.field("CONVERSATION", "conversation"),
              new Column("OUTCOME", RunsCommand::outcome)));
      return Exit.OK;
    }
  }

  /** {@code runs show}. */
  @Command(
      name = "show",
      description = "Show one run: why it woke, its steps, what it said.",
      footer = {"  rookery runs show run_…", "  rookery runs show run_… --json=state,outcome"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<run>", description = "Id of the run.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode run = context.api().get(Route.of("runs/{}", id));
      Output output = context.output();
      output.one(run, () -> new RunPage(output).print(run));
      return Exit.OK;
    }
  }

  /** {@code runs cancel}. */
  @Command(
      name = "cancel",
      description = "Stop a run. No tool call begins afterwards.",
      footer = {"  rookery runs cancel run_…"})
  static final class Cancel implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<run>", description = "Id of the run.")
    private String id = "";

    Cancel(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer = context.api().post(Route.of("runs/{}/cancel", id), Json.object());
      boolean was = answer.path("result").asText().equals("already_done");
      Output output = context.output();
      output.one(
          answer,
          () ->
              output.line(
                  "Run " + Glyphs.line(id) + (was ? " was over before." : " is cancelled.")));
      return Exit.OK;
    }
  }

  /** What a person says about something of which Rookery does not know whether it happened. */
  enum Resolution {
    happened,
    retry,
    skip
  }

  /** {@code runs resolve}. */
  @Command(
      name = "resolve",
      description = {
        "Say what became of a step whose outcome is unknown. Look at the other side first:",
        "happened = it did; retry = it did not, do it now; skip = leave it.",
      },
      footer = {
        "  rookery runs resolve run_… --step 3 --as happened",
        "  rookery runs resolve run_… --step 3 --as retry",
      })
  static final class Resolve implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<run>", description = "Id of the run.")
    private String id = "";

    @Option(
        names = "--step",
        required = true,
        paramLabel = "<n>",
        description = "Number of the step, as runs show prints it.")
    private int step;

    @Option(
        names = "--as",
        required = true,
        paramLabel = "<what>",
        description = "${COMPLETION-CANDIDATES}.")
    private Resolution resolution = Resolution.skip;

    Resolve(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("runs/{}/steps/{}/resolution", id, Integer.toString(step));
      JsonNode answer = context.api().post(route, Json.object().put("as", resolution.name()));
      JsonNode result =
          answer.isObject() && !answer.isEmpty()
              ? answer
              : Json.object().put("id", id).put("step", step).put("as", resolution.name());
      Output output = context.output();
      output.one(
          result,
          () ->
              output.line(
                  "Step %d of %s: %s. The run goes on."
                      .formatted(step, Glyphs.line(id), resolution)));
      return Exit.OK;
    }
  }

  static String took(JsonNode run) {
    return Ages.between(run.path("started_at").asText(""), run.path("finished_at").asText(""));
  }

  /** Why it waits, why it failed, or how it ended. */
  static String outcome(JsonNode run) {
    for (String field : List.of("wait_reason", "failure_reason", "outcome")) {
      String text = run.path(field).asText("");
      if (!text.isEmpty() && !text.equals("null")) {
        return text;
      }
    }
    return "-";
  }
}
