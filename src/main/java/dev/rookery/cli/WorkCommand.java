package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Work items: what was asked of agents. */
@Command(
    name = "work",
    description = "Look at what was asked of agents, each request with all the runs that it took.",
    subcommands = {WorkCommand.ListWork.class, WorkCommand.Show.class},
    footer = {"  rookery work list --state waiting", "  rookery work show wrk_…"})
final class WorkCommand {

  /** Where a request can stand. */
  enum State {
    open,
    waiting,
    done,
    failed,
    cancelled
  }

  /** {@code work list}. */
  @Command(
      name = "list",
      description = "List what was asked, newest first.",
      footer = {"  rookery work list --state open", "  rookery work list --agent rook --json"})
  static final class ListWork implements Callable<Integer> {
    private final Context context;

    @Option(names = "--state", paramLabel = "<state>", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Handle or id.")
    private @Nullable String agent;

    @Option(names = "--conversation", paramLabel = "<key>", description = "Of one conversation.")
    private @Nullable String conversation;

    @Mixin private Listing listing = new Listing();

    ListWork(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("work-items")
              .with("state", state)
              .with("agent", agent)
              .with("conversation", conversation);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("ASKED", "asked_at"),
              new Column("TOOK", WorkCommand::took),
              Column.field("BY", "asked_by"),
              Column.field("RUNS", "run_count"),
              Column.field("OUTCOME", "outcome"),
              Column.field("TITLE", "title")));
      return Exit.OK;
    }
  }

  /** {@code work show}. */
  @Command(
      name = "show",
      description = "Show what was asked, by whom, and all the runs that it took.",
      footer = {"  rookery work show wrk_…", "  rookery work show wrk_… --json=state,cost"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<item>", description = "Id of the work item.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode item = context.api().get(Route.of("work-items/{}", id));
      Output output = context.output();
      output.one(item, () -> print(output, item));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode item) {
      output.facts(
          List.of(
              new String[] {"work item", Output.text(item, "id")},
              new String[] {"state", Output.text(item, "state")},
              new String[] {"outcome", Output.text(item, "outcome")},
              new String[] {"title", Output.text(item, "title")},
              new String[] {"asked by", Output.text(item, "asked_by")},
              new String[] {"agent", Output.text(item, "agent")},
              new String[] {"conversation", Output.text(item, "conversation")},
              new String[] {"place", Output.text(item, "place")},
              new String[] {"event", Output.text(item, "event")},
              new String[] {"asked", output.ago(item.path("asked_at").asText(""))},
              new String[] {"took", took(item)},
              new String[] {"cost", Output.text(item, "cost")}));
      output.heading("Runs");
      output.table(
          item.path("runs"),
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("CREATED", "created_at"),
              new Column("OUTCOME", RunsCommand::outcome)));
    }
  }

  private static String took(JsonNode item) {
    return Ages.between(item.path("asked_at").asText(""), item.path("ended_at").asText(""));
  }
}
