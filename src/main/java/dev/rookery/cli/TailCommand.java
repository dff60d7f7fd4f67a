package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tail}. */
@Command(
    name = "tail",
    description = "Follow the journal: everything, in the order in which it was committed.",
    footer = {
      "  rookery tail",
      "  rookery tail --after 0 --no-follow --json-lines > journal.jsonl",
      "  rookery tail --conversation 'cli:shop'",
    })
final class TailCommand implements Callable<Integer> {
  private static final int PAGE = 200;
  private static final int WAIT_SECONDS = 25;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Context context;

  @Option(
      names = "--after",
      paramLabel = "<n>",
      description = "Begin after this number; 0 is the beginning (default: now).")
  private @Nullable Long after;

  @Option(names = "--conversation", paramLabel = "<key>", description = "Of one conversation.")
  private @Nullable String conversation;

  @Option(names = "--no-follow", description = "End when everything there is was printed.")
  private boolean once;

  TailCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Output output = context.output();
    Patience patience = new Patience(Duration.ofMinutes(5), output::note);
    long seen = after == null ? head() : after;
    while (true) {
      JsonNode page = page(patience, seen);
      page.path("items").forEach(entry -> print(output, entry));
      boolean end = page.path("items").isEmpty();
      seen = page.path("next_after").asLong(seen);
      if (once && end) {
        return Exit.OK;
      }
    }
  }

  private long head() {
    return context.api().get(Route.of("status")).path("journal_head").asLong();
  }

  private JsonNode page(Patience patience, long seen) {
    Route route =
        Route.of("journal")
            .with("after", seen)
            .with("limit", PAGE)
            .with("wait_seconds", once ? 0 : WAIT_SECONDS)
            .with("conversation", conversation);
    return patience.call(() -> context.api().get(route));
  }

  private void print(Output output, JsonNode entry) {
    if (output.forPrograms()) {
      output.jsonLine(entry);
    } else if (context.options().quiet()) {
      output.line(entry.path("seq").asText());
    } else {
      Style style = context.style();
      String data = entry.path("data").isEmpty() ? "" : Json.write(entry.path("data"));
      output.line(
          "%s  %s  %-20s %s  %s"
              .formatted(
                  style.paint("%6d".formatted(entry.path("seq").asLong()), Style.Tone.DIM),
                  time(entry.path("at").asText("")),
                  Glyphs.line(entry.path("kind").asText()),
                  Glyphs.line(entry.path("subject").asText()),
                  style.paint(Glyphs.line(data), Style.Tone.DIM)));
    }
  }

  private static String time(String iso) {
    try {
      return TIME.format(Instant.parse(iso).atZone(ZoneId.systemDefault()));
    } catch (java.time.format.DateTimeParseException _) {
      return Glyphs.line(iso);
    }
  }
}
