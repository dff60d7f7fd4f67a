package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runs retry} and {@code runs fork}. */
final class RunsAgain {
  private RunsAgain() {}

  /** {@code runs retry}. */
  @Command(
      name = "retry",
      description = {
        "Do a run that is over again, in its conversation. What was before the step is kept and",
        "not done again; without --from-step it begins where the run came to no result.",
      },
      footer = {"  rookery runs retry run_…", "  rookery runs retry run_… --from-step 3"})
  static final class Retry implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<run>", description = "Id of the run.")
    private String id = "";

    @Option(
        names = "--from-step",
        paramLabel = "<n>",
        description = "Number of the step, as runs show prints it.")
    private @Nullable Integer step;

    Retry(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return send(context, Route.of("runs/{}/retry", id), Json.object().put("from_step", step));
    }
  }

  /** {@code runs fork}. */
  @Command(
      name = "fork",
      description = {
        "Go on from a step of a run in another conversation; the run stays as it is. With a text",
        "the agent hears it after what is kept.",
      },
      footer = {
        "  rookery runs fork run_… 'And without the discount?'",
        "  rookery runs fork run_… --from-step 3 --conversation cli:what-if",
      })
  static final class Fork implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<run>", description = "Id of the run.")
    private String id = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "<text>", description = "A new line.")
    private @Nullable String text;

    @Option(
        names = "--from-step",
        paramLabel = "<n>",
        description = "Number of the step, as runs show prints it.")
    private @Nullable Integer step;

    @Option(
        names = "--conversation",
        paramLabel = "<key>",
        description = "Begins with cli: or api:; one of its own if not given.")
    private @Nullable String conversation;

    Fork(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body =
          Json.object().put("from_step", step).put("text", text).put("conversation", conversation);
      return send(context, Route.of("runs/{}/fork", id), body);
    }
  }

  private static int send(Context context, Route route, ObjectNode body) {
    JsonNode answer = context.api().post(route, body, Ids.next("cli"));
    Output output = context.output();
    output.one(
        answer,
        () -> {
          output.line(
              "Accepted as %s; it goes on from step %s in %s."
                  .formatted(
                      Output.text(answer, "event_id"),
                      Output.text(answer, "from_step"),
                      Glyphs.line(Output.text(answer, "conversation"))));
          if (answer.hasNonNull("warning")) {
            output.note(Output.text(answer, "warning"));
          }
        });
    return Exit.OK;
  }
}
