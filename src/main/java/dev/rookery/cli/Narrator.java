package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** Tells a person what happens in a conversation: replies on stdout, the way there on stderr. */
final class Narrator implements Consumer<JsonNode> {
  private final Output output;
  private final Style style;
  private final String prefix;

  /**
   * @param prefix before each reply; empty when the replies are data
   */
  Narrator(Output output, Style style, String prefix) {
    this.output = output;
    this.style = style;
    this.prefix = prefix;
  }

  @Override
  public void accept(JsonNode entry) {
    JsonNode data = entry.path("data");
    String run = Glyphs.line(entry.path("subject").asText());
    switch (entry.path("kind").asText()) {
      case "delivery.sent" -> reply(data);
      case "step.started" -> {
        if (isTool(data)) {
          int attempt = data.path("attempt").asInt(1);
          step(
              "calling tool "
                  + name(data)
                  + (attempt > 1 ? " again (attempt " + attempt + ")" : "")
                  + " …");
        }
      }
      case "step.finished" -> {
        if (isTool(data) && data.path("failed").asBoolean()) {
          step("tool " + name(data) + " failed");
        }
      }
      case "step.unknown" -> step("nobody knows whether tool " + name(data) + " happened");
      case "run.parked" -> parked(data, run);
      case "run.recovered" -> step("the run was taken up again after a crash");
      case "run.finished" -> finished(data, run);
      default -> {}
    }
  }

  private void reply(JsonNode data) {
    if (data.hasNonNull("text")) {
      output.line(
          style.paint(prefix, Style.Tone.STRONG) + Glyphs.harmless(data.path("text").asText()));
    }
  }

  private void parked(JsonNode data, String run) {
    String reason = Glyphs.line(data.path("reason").asText(""));
    step(
        data.path("state").asText().equals("waiting_permission")
            ? "waits for a person (%s); see: %s runs show %s".formatted(reason, Program.name(), run)
            : "waiting: " + reason);
  }

  private void finished(JsonNode data, String run) {
    String state = data.path("state").asText();
    if (!state.equals("done")) {
      String reason = Turn.reason(data);
      step("run %s %s%s".formatted(run, state, reason.isEmpty() ? "" : ": " + Glyphs.line(reason)));
    }
  }

  private void step(String text) {
    output.note(style.paint("· " + text, Style.Tone.DIM));
  }

  private static boolean isTool(JsonNode data) {
    return data.path("kind").asText().equals("tool");
  }

  private static String name(JsonNode data) {
    return Glyphs.line(data.path("name").asText());
  }
}
