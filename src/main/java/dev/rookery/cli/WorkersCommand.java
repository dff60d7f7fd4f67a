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

/** Workers: runs that runs delegated to. */
@Command(
    name = "workers",
    description = {
      "Look at workers, which are runs that runs delegated to, and stop them.",
      "A worker has the id of its run: rookery runs show tells all that it did.",
    },
    subcommands = {
      WorkersCommand.ListWorkers.class,
      WorkersCommand.Show.class,
      WorkersCommand.Cancel.class
    },
    footer = {"  rookery workers list --state active", "  rookery workers show run_…"})
final class WorkersCommand {

  /** Where a worker can stand. */
  enum State {
    active,
    finished,
    failed,
    cancelled
  }

  /** {@code workers list}. */
  @Command(
      name = "list",
      description = "List workers, newest first.",
      footer = {
        "  rookery workers list --state active",
        "  rookery workers list --parent run_… --json",
      })
  static final class ListWorkers implements Callable<Integer> {
    private final Context context;

    @Option(names = "--state", paramLabel = "<state>", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Who works: handle or id.")
    private @Nullable String agent;

    @Option(names = "--parent", paramLabel = "<run>", description = "The run that started them.")
    private @Nullable String parent;

    @Mixin private Listing listing = new Listing();

    ListWorkers(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("workers").with("state", state).with("agent", agent).with("parent", parent);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("NAME", "name"),
              Column.field("STATE", "state"),
              output.since("STARTED", "started_at"),
              new Column("TOOK", WorkersCommand::took),
              Column.field("PARENT", "parent"),
              new Column("RESULT", WorkersCommand::result)));
      return Exit.OK;
    }
  }

  /** {@code workers show}. */
  @Command(
      name = "show",
      description = "Show one worker: its task, who started it, what came of it.",
      footer = {
        "  rookery workers show run_…",
        "  rookery workers show run_… --json=state,summary"
      })
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<worker>", description = "Id of the worker.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode worker = context.api().get(Route.of("workers/{}", id));
      Output output = context.output();
      output.one(worker, () -> print(output, worker));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode worker) {
      output.facts(
          List.of(
              new String[] {"worker", Output.text(worker, "id")},
              new String[] {"name", Output.text(worker, "name")},
              new String[] {"state", Output.text(worker, "state")},
              new String[] {"cause", Output.text(worker, "cause")},
              new String[] {"agent", Output.text(worker, "agent")},
              new String[] {"started by", Output.text(worker, "parent")},
              new String[] {"step", Output.text(worker, "step")},
              new String[] {"root", Output.text(worker, "root")},
              new String[] {"background", Output.text(worker, "background")},
              new String[] {"budget", Output.text(worker, "budget")},
              new String[] {"result went to", Output.text(worker, "home")},
              new String[] {"started", output.ago(worker.path("started_at").asText(""))},
              new String[] {"took", took(worker)}));
      output.heading("Task");
      output.line(Output.text(worker, "task"));
      if (!worker.path("summary").asText("").isEmpty()) {
        output.heading("Summary");
        output.line(Output.text(worker, "summary"));
      }
    }
  }

  /** {@code workers cancel}. */
  @Command(
      name = "cancel",
      description = "Stop a worker and all that it started. Its parent is told.",
      footer = {"  rookery workers cancel run_…"})
  static final class Cancel implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<worker>", description = "Id of the worker.")
    private String id = "";

    Cancel(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer = context.api().post(Route.of("workers/{}/cancel", id), Json.object());
      boolean was = answer.path("result").asText().equals("already_done");
      Output output = context.output();
      output.one(
          answer,
          () ->
              output.line(
                  "Worker " + Glyphs.line(id) + (was ? " was over before." : " is cancelled.")));
      return Exit.OK;
    }
  }

  private static String took(JsonNode worker) {
    return Ages.between(worker.path("started_at").asText(""), worker.path("ended_at").asText(""));
  }

  /** Why it failed, or what it said. */
  private static String result(JsonNode worker) {
    String cause = worker.path("cause").asText("");
    String text =
        cause.isEmpty() || cause.equals("null") ? worker.path("summary").asText("") : cause;
    return text.isEmpty() || text.equals("null") ? "-" : Glyphs.line(text);
  }
}
