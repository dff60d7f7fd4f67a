package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runs tail}. */
@Command(
    name = "tail",
    description = {
      "Follow one run from its beginning to its end: what the model says as it says it, tool calls"
          + " with their arguments, results in short, what is asked of people.",
      "Exit code: 0 done, 1 failed or cancelled, 5 waits for a person (with --no-wait).",
    },
    footer = {
      "  rookery runs tail run_…",
      "  rookery runs tail run_… --no-wait",
      "  rookery runs tail run_… --json-lines | jq .kind",
    })
final class RunsTail implements Callable<Integer> {
  private static final Duration AWAY = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(25);
  private static final int PAGE = 200;

  private final Context context;

  @Parameters(paramLabel = "<run>", description = "Id of the run.")
  private String id = "";

  @Option(
      names = "--no-wait",
      description = "End when the run waits for a person, instead of waiting with it.")
  private boolean noWait;

  private final OpenRequests requests = new OpenRequests();
  private @Nullable Integer code;

  RunsTail(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Output output = context.output();
    Patience patience = new Patience(AWAY, output::note);
    ObjectNode scope = Json.object().put("run", id);
    try (Gateway gateway = new Gateway(context.api(), patience, scope, 0).open()) {
      Narrator narrator =
          new Narrator(output, context.style(), "")
              .details(new RunDetails(run -> gateway.call("run.get", RunDetails.params(run))))
              .without(requests::named)
              .asking();
      if (context.terminal().interactive()) {
        narrator.live(context.terminal());
      }
      boolean read = true;
      while (code == null && read) {
        read = tell(gateway.next(LOOK), narrator, gateway);
      }
      if (code != null && read) {
        tell(rest(gateway), narrator, gateway);
      }
      narrator.pause();
    }
    return code == null ? Exit.OK : code;
  }

  /** False when nobody reads any more. */
  private boolean tell(List<GatewayEvent> events, Narrator narrator, Gateway gateway) {
    Output output = context.output();
    for (GatewayEvent event : events) {
      requests.note(event.payload());
      if (context.options().jsonLines() || output.forPrograms()) {
        print(output, event);
      } else if (context.options().quiet()) {
        output.batch(event.token() ? "" : event.seq() + "\n");
      } else {
        narrator.accept(event);
      }
      stands(event, gateway);
    }
    return output.batch("");
  }

  private static void print(Output output, GatewayEvent event) {
    if (!event.token()) {
      output.jsonLine(event.payload());
    }
  }

  private void stands(GatewayEvent event, Gateway gateway) {
    JsonNode record = event.payload();
    if (event.token() || !record.path("subject").asText().equals(id)) {
      return;
    }
    String state = record.path("data").path("state").asText();
    switch (record.path("kind").asText()) {
      case "run.finished" -> code = state.equals("done") ? Exit.OK : Exit.FAILED;
      case "run.parked" -> {
        boolean last = event.seq() >= gateway.head() || !resumed(gateway);
        if (noWait && state.equals("waiting_permission") && last) {
          code = Exit.WAITING;
        }
      }
      default -> {}
    }
  }

  /** Whether a wait that is read from the past is over by now. */
  private boolean resumed(Gateway gateway) {
    String now = gateway.call("run.get", RunDetails.params(id)).path("state").asText();
    return !now.equals("waiting_permission");
  }

  /** What was committed with the end. */
  private List<GatewayEvent> rest(Gateway gateway) {
    Route route =
        Route.of("journal")
            .with("after", gateway.seen())
            .with("limit", PAGE)
            .with("wait_seconds", 0);
    return context
        .api()
        .get(route)
        .path("items")
        .valueStream()
        .filter(record -> Watched.runOf(record).equals(id))
        .filter(record -> gateway.advance(record.path("seq").asLong()))
        .map(GatewayEvent::ofRecord)
        .toList();
  }
}
