package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rookery.kernel.Json;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person what happens: replies on stdout, the way there on stderr. On a terminal replies
 * are shown as they come.
 */
final class Narrator implements Consumer<GatewayEvent> {
  private static final int SHORT = 120;

  private final Output output;
  private final Style style;
  private final String prefix;
  private @Nullable LiveText live;
  private @Nullable RunDetails details;
  private Predicate<String> untold = _ -> false;
  private Runnable before = () -> {};
  private boolean asking;
  private boolean spoken;
  private String said = "";

  /**
   * @param prefix before each reply; empty when the replies are data
   */
  Narrator(Output output, Style style, String prefix) {
    this.output = output;
    this.style = style;
    this.prefix = prefix;
  }

  /** With replies as they come. */
  Narrator live(Terminal terminal) {
    live =
        new LiveText(
            terminal.out(), terminal.size(), prefix, style.paint(prefix, Style.Tone.STRONG));
    return this;
  }

  /** With arguments and results of tools. */
  Narrator details(RunDetails steps) {
    details = steps;
    return this;
  }

  /** With what is asked of people. */
  Narrator asking() {
    asking = true;
    return this;
  }

  /** Without replies that are shown in another way. */
  Narrator without(Predicate<String> texts) {
    untold = texts;
    return this;
  }

  /** Called before something is printed. */
  void interrupting(Runnable action) {
    before = action;
  }

  @Override
  public void accept(GatewayEvent event) {
    if (event.token()) {
      token(event.payload());
    } else {
      record(event.payload());
    }
  }

  /** Ends the line of a reply that is still being written. */
  void pause() {
    if (live != null) {
      live.close();
    }
  }

  /** Whether the line of a reply is still being written. */
  boolean speaking() {
    return live != null && live.open();
  }

  private void token(JsonNode token) {
    if (live != null) {
      before.run();
      live.token(token);
      spoken = false;
    }
  }

  private void record(JsonNode entry) {
    JsonNode data = entry.path("data");
    String run = Glyphs.line(entry.path("subject").asText());
    switch (entry.path("kind").asText()) {
      case "delivery.sent" -> reply(data.path("text").asText(""));
      case "step.started" -> started(data, run);
      case "step.finished" -> finishedStep(data, run);
      case "step.unknown" -> step("nobody knows whether tool " + name(data) + " happened");
      case "approval.requested" -> asked(data, run);
      case "approval.allowed", "approval.denied", "approval.expired" -> decided(entry);
      case "run.parked" -> parked(data, run);
      case "run.recovered" -> step("the run was taken up again after a crash");
      case "run.finished" -> finished(data, run);
      default -> {}
    }
  }

  private void reply(String text) {
    if (text.isEmpty() || untold.test(text)) {
      return;
    }
    before.run();
    said = text;
    if (live != null && live.open() && spoken) {
      live.settle(text);
    } else {
      pause();
      output.line(style.paint(prefix, Style.Tone.STRONG) + Glyphs.harmless(text));
    }
  }

  private void started(JsonNode data, String run) {
    if (isTool(data)) {
      int attempt = data.path("attempt").asInt(1);
      JsonNode arguments = stepOf(run, data, false).path("request");
      step(
          "calling tool "
              + name(data)
              + (arguments.isMissingNode() ? "" : " " + brief(arguments))
              + (attempt > 1 ? " again (attempt " + attempt + ")" : "")
              + " …");
    }
  }

  private void finishedStep(JsonNode data, String run) {
    switch (data.path("kind").asText()) {
      case "model" -> spoken = true;
      case "tool" -> {
        boolean failed = data.path("failed").asBoolean();
        JsonNode response = stepOf(run, data, true).path("response");
        String text = brief(response.path("text").isTextual() ? response.path("text") : response);
        if (failed) {
          step("tool " + name(data) + " failed" + (text.isEmpty() ? "" : ": " + text));
        } else if (!text.isEmpty()) {
          step("tool " + name(data) + ": " + text);
        }
      }
      case "reply" -> {
        String text = stepOf(run, data, true).path("request").path("text").asText("");
        if (!text.strip().equals(said.strip())) {
          reply(text);
        }
      }
      default -> {}
    }
  }

  private JsonNode stepOf(String run, JsonNode data, boolean over) {
    return details == null
        ? MissingNode.getInstance()
        : details.step(run, data.path("step").asInt(), over);
  }

  private static String brief(JsonNode value) {
    String text =
        value.isMissingNode() || value.isNull()
            ? ""
            : value.isTextual() ? value.asText() : Json.write(value);
    return Glyphs.fit(Glyphs.line(text), SHORT);
  }

  private void asked(JsonNode data, String approval) {
    pause();
    if (asking) {
      step(
          "asks for permission to use %s. %s See: %s approvals show %s"
              .formatted(
                  Glyphs.line(data.path("tool").asText()),
                  Glyphs.line(data.path("why").asText()),
                  Program.name(),
                  approval));
    }
  }

  private void decided(JsonNode entry) {
    if (asking) {
      String by = Glyphs.line(entry.path("data").path("by").asText(""));
      String how = entry.path("kind").asText().substring("approval.".length());
      String tool = Glyphs.line(entry.path("data").path("tool").asText());
      step(tool + " is " + how + (by.isEmpty() ? "" : " by " + by));
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
    pause();
    String state = data.path("state").asText();
    if (!state.equals("done")) {
      String reason = Turn.reason(data);
      step("run %s %s%s".formatted(run, state, reason.isEmpty() ? "" : ": " + Glyphs.line(reason)));
    }
  }

  private void step(String text) {
    before.run();
    pause();
    output.note(style.paint("· " + text, Style.Tone.DIM));
  }

  private static boolean isTool(JsonNode data) {
    return data.path("kind").asText().equals("tool");
  }

  private static String name(JsonNode data) {
    return Glyphs.line(data.path("name").asText());
  }
}
