package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Background commands of agents. */
@Command(
    name = "tasks",
    description = "Look at commands of agents that outlive the run which started them, stop them.",
    subcommands = {TasksCommand.ListTasks.class, TasksCommand.Show.class, TasksCommand.Stop.class},
    footer = {"  rookery tasks list rook", "  rookery tasks stop rook bgt_…"})
final class TasksCommand {

  /** {@code tasks list}. */
  @Command(
      name = "list",
      description = "List the background commands of an agent, the newest 50 first.",
      footer = {"  rookery tasks list rook", "  rookery tasks list rook --json=id,state"})
  static final class ListTasks implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    ListTasks(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("agents/{}/tasks", agent));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("STARTED", "started_at"),
              new Column("TOOK", TasksCommand::took),
              Column.field("EXIT", "exit_code"),
              Column.field("RUN", "run"),
              Column.field("COMMAND", "command")));
      return Exit.OK;
    }
  }

  /** {@code tasks show}. */
  @Command(
      name = "show",
      description = "Show a background command and the end of its output.",
      footer = {"  rookery tasks show rook bgt_…", "  rookery tasks show rook bgt_… --json=output"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    @Parameters(index = "1", paramLabel = "<task>", description = "Id of the command.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode task = context.api().get(Route.of("agents/{}/tasks/{}", agent, id));
      Output output = context.output();
      output.one(task, () -> print(output, task));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode task) {
      output.facts(
          List.of(
              new String[] {"task", Output.text(task, "id")},
              new String[] {"state", Output.text(task, "state")},
              new String[] {"exit code", Output.text(task, "exit_code")},
              new String[] {"detail", Output.text(task, "detail")},
              new String[] {"command", Output.text(task, "command")},
              new String[] {"agent", Output.text(task, "agent")},
              new String[] {"run", Output.text(task, "run")},
              new String[] {"started", output.ago(task.path("started_at").asText(""))},
              new String[] {"took", took(task)}));
      String text = task.path("output").asText("");
      if (!text.isBlank()) {
        output.heading("Output");
        output.line(Glyphs.harmless(text).strip());
      }
    }
  }

  /** {@code tasks stop}. */
  @Command(
      name = "stop",
      description = "End a background command and all that it started.",
      footer = {"  rookery tasks stop rook bgt_…"})
  static final class Stop implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    @Parameters(index = "1", paramLabel = "<task>", description = "Id of the command.")
    private String id = "";

    Stop(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode task = context.api().delete(Route.of("agents/{}/tasks/{}", agent, id));
      String state = Output.text(task, "state");
      Output output = context.output();
      output.one(
          task,
          () ->
              output.line(
                  "Task "
                      + Glyphs.line(id)
                      + (state.equals("running")
                          ? " is being ended; within five seconds it is dead."
                          : " is over: " + Glyphs.line(state) + ".")));
      return Exit.OK;
    }
  }

  private static String took(JsonNode task) {
    return Ages.between(task.path("started_at").asText(""), task.path("ended_at").asText(""));
  }
}
