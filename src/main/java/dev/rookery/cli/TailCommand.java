package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tail}. */
@Command(
    name = "tail",
    description = {
      "Follow the journal: everything, in the order in which it was committed, each record once.",
      "A connection that is lost is made again, and nothing is missed. To go on after this command"
          + " was ended: --after with the last number that was printed, or --cursor.",
    },
    footer = {
      "  rookery tail",
      "  rookery tail --agent rook --kind run.",
      "  rookery tail --json-lines --cursor journal.cursor >> journal.jsonl",
      "  rookery tail --after 0 --no-follow --json-lines > journal.jsonl",
      "  rookery tail --conversation 'cli:shop' --tokens",
    })
final class TailCommand implements Callable<Integer> {
  private static final Duration AWAY = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Context context;

  @Option(
      names = "--after",
      paramLabel = "<n>",
      description = "Begin after this number; 0 is the beginning (default: now).")
  private @Nullable Long after;

  @Option(
      names = "--cursor",
      paramLabel = "<file>",
      description =
          "Begin after the number in this file, if it is there, and keep it up to date. It is"
              + " written after the records; a kill in between repeats these.")
  private @Nullable Path cursor;

  @ArgGroup(multiplicity = "0..1")
  private Watched watched = new Watched();

  @Option(
      names = "--kind",
      paramLabel = "<prefix>",
      description = "Records whose kind begins with this, such as run. or approval.requested.")
  private String kind = "";

  @Option(names = "--tokens", description = "Also what models say, piece by piece, as it comes.")
  private boolean tokens;

  @Option(names = "--no-follow", description = "End when everything there is was printed.")
  private boolean once;

  private Predicate<JsonNode> wanted = _ -> true;

  TailCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Output output = context.output();
    CursorFile file = cursor == null ? null : new CursorFile(cursor);
    Patience patience = new Patience(AWAY, output::note);
    long from = after == null ? Gateway.NOW : after;
    if (from < Gateway.NOW) {
      throw CliFailure.usage("--after is the number of a record, or 0 for the beginning.");
    }
    if (file != null) {
      from = file.read().orElse(from);
    }
    // Only who sees everything sees when the newest record has come.
    ObjectNode scope = once ? null : watched.scope();
    if (once) {
      wanted = watched.filter(context.api());
    }
    try (Gateway gateway = new Gateway(context.api(), patience, scope, from).open()) {
      if (file != null) {
        file.write(gateway.seen());
      }
      follow(gateway, output, file);
    }
    return Exit.OK;
  }

  private void follow(Gateway gateway, Output output, @Nullable CursorFile file) {
    long head = gateway.head();
    while (!once || gateway.seen() < head) {
      List<GatewayEvent> events = gateway.next(LOOK);
      if (!print(output, events)) {
        return;
      }
      if (file != null && events.stream().anyMatch(event -> !event.token())) {
        file.write(gateway.seen());
      }
    }
  }

  /** False when nobody reads any more. */
  private boolean print(Output output, List<GatewayEvent> events) {
    StringBuilder lines = new StringBuilder();
    for (GatewayEvent event : events) {
      boolean shown = event.token() ? tokens : kindOf(event).startsWith(kind);
      if (shown && wanted.test(event.payload())) {
        lines.append(line(output, event)).append('\n');
      }
    }
    return output.batch(lines.toString());
  }

  private static String kindOf(GatewayEvent event) {
    return event.payload().path("kind").asText();
  }

  private String line(Output output, GatewayEvent event) {
    JsonNode payload = event.payload();
    if (output.forPrograms()) {
      return output.jsonOf(event.token() ? named(payload) : payload);
    }
    if (context.options().quiet()) {
      return event.token() ? payload.path("run").asText() : payload.path("seq").asText();
    }
    Style style = context.style();
    if (event.token()) {
      return "%s  %s  %-20s %s  %s"
          .formatted(
              " ".repeat(6),
              " ".repeat(8),
              event.name(),
              Glyphs.line(payload.path("run").asText()),
              style.paint(Json.write(payload.path("text")), Style.Tone.DIM));
    }
    String data = payload.path("data").isEmpty() ? "" : Json.write(payload.path("data"));
    return "%s  %s  %-20s %s  %s"
        .formatted(
            style.paint("%6d".formatted(event.seq()), Style.Tone.DIM),
            time(payload.path("at").asText("")),
            Glyphs.line(kindOf(event)),
            Glyphs.line(payload.path("subject").asText()),
            style.paint(Glyphs.line(data), Style.Tone.DIM));
  }

  /** A piece of text has no number; its kind tells it from a record. */
  private static ObjectNode named(JsonNode token) {
    ObjectNode named = Json.object().put("kind", "run.token");
    token.properties().forEach(field -> named.set(field.getKey(), field.getValue()));
    return named;
  }

  private static String time(String iso) {
    try {
      return TIME.format(Instant.parse(iso).atZone(ZoneId.systemDefault()));
    } catch (java.time.format.DateTimeParseException _) {
      return Glyphs.line(iso);
    }
  }
}
