package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}. */
@Command(
    name = "status",
    description = "What needs you, what runs, what comes next and what it costs, on one screen.",
    footer = {
      "  rookery status",
      "  rookery status --watch",
      "  rookery status --json=runs,dead_letters",
    })
final class StatusCommand implements Callable<Integer> {
  private static final Duration AWAY = Duration.ofMinutes(5);

  /** Times as people say them grow old. */
  private static final Duration REFRESH = Duration.ofSeconds(15);

  private static final Duration SETTLE = Duration.ofMillis(500);
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final Context context;

  @Option(names = "--watch", description = "Draw it again whenever something happens.")
  private boolean watch;

  StatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Output output = context.output();
    if (!watch) {
      JsonNode facts = read();
      output.one(facts, () -> page(output).lines(facts).forEach(output::line));
      return Exit.OK;
    }
    if (!context.terminal().cursor() || output.forPrograms()) {
      throw CliFailure.usage(
          "--watch draws on a terminal. For programs: %s tail --json-lines"
              .formatted(Program.name()));
    }
    Patience patience = new Patience(AWAY, output::note);
    try (Gateway gateway = new Gateway(context.api(), patience, null, Gateway.NOW).open()) {
      while (draw(output, patience)) {
        List<GatewayEvent> events = gateway.next(REFRESH);
        if (!events.isEmpty()) {
          gateway.next(SETTLE);
        }
      }
    }
    return Exit.OK;
  }

  private JsonNode read() {
    return new StatusFacts(context.api(), context.clock().instant()).read();
  }

  private StatusPage page(Output output) {
    return new StatusPage(
        output, context.style(), context.api().address().url(), context.clock().instant());
  }

  /** False when nobody looks any more. */
  private boolean draw(Output output, Patience patience) {
    JsonNode facts = patience.call(this::read);
    return output.batch(CLEAR + String.join("\n", page(output).lines(facts)) + "\n");
  }
}
