package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checkpoints: copies of homes, and the way back to one. */
@Command(
    name = "checkpoints",
    description = "Keep copies of an agent's home directory and go back to one.",
    subcommands = {
      CheckpointsCommand.ListCheckpoints.class,
      CheckpointsCommand.Create.class,
      CheckpointsCommand.Restore.class
    },
    footer = {"  rookery checkpoints list rook", "  rookery checkpoints create rook 'clean'"})
final class CheckpointsCommand {

  /** {@code checkpoints list}. */
  @Command(
      name = "list",
      description = "List the checkpoints of an agent.",
      footer = {
        "  rookery checkpoints list rook",
        "  rookery checkpoints list rook --json=id,name,sha256"
      })
  static final class ListCheckpoints implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    ListCheckpoints(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("agents/{}/checkpoints", agent));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("NAME", "name"),
              Column.field("KIND", "kind"),
              Column.field("FILES", "files"),
              Column.field("SIZE", "size"),
              output.since("MADE", "created_at")));
      return Exit.OK;
    }
  }

  /** {@code checkpoints create}. */
  @Command(
      name = "create",
      description = "Keep a copy of the home as it is.",
      footer = {"  rookery checkpoints create rook 'before the clean-up'"})
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    @Parameters(index = "1", paramLabel = "<name>", description = "What it is, for people.")
    private String name = "";

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode made =
          context
              .api()
              .post(Route.of("agents/{}/checkpoints", agent), Json.object().put("name", name));
      Output output = context.output();
      output.one(
          made,
          () ->
              output.line(
                  "Checkpoint %s: %s files, %s bytes."
                      .formatted(
                          Output.text(made, "id"),
                          Output.text(made, "files"),
                          Output.text(made, "size"))));
      return Exit.OK;
    }
  }

  /** {@code checkpoints restore}. */
  @Command(
      name = "restore",
      description = {
        "Make the home what it was at a checkpoint.",
        "Ends what runs in the sandbox. What the home is now is kept as a checkpoint first."
      },
      footer = {"  rookery checkpoints restore rook ckp_…"})
  static final class Restore implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    @Parameters(index = "1", paramLabel = "<checkpoint>", description = "Its id.")
    private String checkpoint = "";

    Restore(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode done =
          context
              .api()
              .post(Route.of("agents/{}/checkpoints/{}/restore", agent, checkpoint), Json.object());
      Output output = context.output();
      output.one(
          done,
          () ->
              output.line(
                  "The home is what it was. What it was before is checkpoint %s."
                      .formatted(Output.text(done, "backup"))));
      return Exit.OK;
    }
  }
}
