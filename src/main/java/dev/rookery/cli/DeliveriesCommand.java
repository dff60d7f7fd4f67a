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

/** Deliveries: what was said to the world. */
@Command(
    name = "deliveries",
    description = "Look at outgoing messages, decide about those of unknown outcome.",
    subcommands = {DeliveriesCommand.ListDeliveries.class, DeliveriesCommand.Resolve.class},
    footer = {
      "  rookery deliveries list --state unknown",
      "  rookery deliveries resolve dlv_… --as happened",
    })
final class DeliveriesCommand {

  /** Where a message can stand. */
  enum State {
    pending,
    sending,
    sent,
    failed,
    unknown,
    cancelled
  }

  /** {@code deliveries list}. */
  @Command(
      name = "list",
      description = "List outgoing messages, newest first.",
      footer = {
        "  rookery deliveries list --state unknown",
        "  rookery deliveries list --run run_…",
      })
  static final class ListDeliveries implements Callable<Integer> {
    private final Context context;

    @Option(names = "--state", paramLabel = "<state>", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(names = "--run", paramLabel = "<run>", description = "Of one run.")
    private @Nullable String run;

    @Option(names = "--conversation", paramLabel = "<key>", description = "Of one conversation.")
    private @Nullable String conversation;

    @Mixin private Listing listing = new Listing();

    ListDeliveries(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("deliveries")
              .with("state", state)
              .with("run", run)
              .with("conversation", conversation);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("CREATED", "created_at"),
              Column.field("TRIES", "attempts"),
              Column.field("REMOTE ID", "remote_id"),
              Column.field("ERROR", "error"),
              Column.field("TEXT", "text")));
      return Exit.OK;
    }
  }

  /** {@code deliveries resolve}. */
  @Command(
      name = "resolve",
      description = {
        "Say what became of a message whose outcome is unknown. Look into the chat first:",
        "happened = it arrived; retry = it did not, send it; skip = leave it unsent.",
      },
      footer = {
        "  rookery deliveries resolve dlv_… --as happened",
        "  rookery deliveries resolve dlv_… --as retry",
      })
  static final class Resolve implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<delivery>", description = "Id of the delivery.")
    private String id = "";

    @Option(
        names = "--as",
        required = true,
        paramLabel = "<what>",
        description = "${COMPLETION-CANDIDATES}.")
    private RunsCommand.Resolution resolution = RunsCommand.Resolution.skip;

    Resolve(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer =
          context
              .api()
              .post(
                  Route.of("deliveries/{}/resolution", id),
                  Json.object().put("as", resolution.name()));
      JsonNode result =
          answer.isObject() && !answer.isEmpty()
              ? answer
              : Json.object().put("id", id).put("as", resolution.name());
      Output output = context.output();
      output.one(
          result, () -> output.line("Delivery " + Glyphs.line(id) + ": " + resolution + "."));
      return Exit.OK;
    }
  }
}
