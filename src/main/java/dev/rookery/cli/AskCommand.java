package dev.rookery.cli;

import dev.rookery.kernel.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ask}. */
@Command(
    name = "ask",
    description = {
      "Say one thing to an agent and print its reply. Each ask is a conversation of its own, unless"
          + " --conversation names one.",
      "Exit code: 0 replied, 1 failed, 5 waits for a person.",
    },
    footer = {
      "  rookery ask rook 'What time is it?'",
      "  git diff | rookery ask reviewer -",
      "  rookery ask rook --conversation cli:shop --json=run,replies 'And tomorrow?'",
    })
final class AskCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "<agent>", description = "Handle or id.")
  private String agent = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "<text>",
      description = "What to say; - reads it from stdin.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--conversation",
      paramLabel = "<key>",
      description = "Go on in this one; begins with cli: or api:.")
  private @Nullable String conversation;

  @Option(
      names = "--timeout",
      paramLabel = "<time>",
      converter = TimeLimit.class,
      defaultValue = "10m",
      description = "How long to wait for the reply (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofMinutes(10);

  AskCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    String text =
        words.equals(List.of("-")) ? context.terminal().readAll() : String.join(" ", words);
    if (text.isBlank()) {
      throw CliFailure.usage("There is nothing to ask: the text is empty.");
    }
    Output output = context.output();
    String where = conversation == null ? "cli:" + Ids.next("ask") : conversation;
    Patience patience = new Patience(timeout, output::note);
    Turn turn;
    try (Dialogue dialogue = new Dialogue(context.api(), patience, agent, where)) {
      turn = dialogue.say(text.strip());
      dialogue.follow(turn, timeout, listener(context, ""));
    }
    if (context.options().json() != null && !context.options().jsonLines()) {
      output.one(turn.json(agent), () -> {});
    } else if (context.options().quiet() && turn.run() != null) {
      output.line(turn.run());
    }
    explain(output, turn);
    return endingOf(turn).exitCode();
  }

  /** How what happens is told; pieces of text only to a person in front of it. */
  static Consumer<GatewayEvent> listener(Context context, String prefix) {
    Output output = context.output();
    if (context.options().jsonLines()) {
      return event -> {
        if (!event.token()) {
          output.jsonLine(event.payload());
        }
      };
    }
    if (output.forPrograms() || context.options().quiet()) {
      return _ -> {};
    }
    Narrator narrator = new Narrator(output, context.style(), prefix);
    return context.terminal().interactive() ? narrator.live(context.terminal()) : narrator;
  }

  /** What the steps did not say already. */
  static void explain(Output output, Turn turn) {
    switch (endingOf(turn)) {
      case IGNORED ->
          output.note(
              "Nobody woke: %s See: %s events show %s"
                  .formatted(Glyphs.line(turn.why()), Program.name(), turn.event()));
      case TIMEOUT ->
          output.note(
              "No reply yet; the run goes on. See: %s %s"
                  .formatted(
                      Program.name(),
                      turn.run() == null
                          ? "events show " + turn.event()
                          : "runs show " + turn.run()));
      case FAILED -> {
        if (turn.run() == null) {
          output.note(Glyphs.line(turn.why()));
        }
      }
      case REPLIED, WAITING -> {}
    }
  }

  static Turn.Ending endingOf(Turn turn) {
    Turn.Ending ending = turn.ending();
    return ending == null ? Turn.Ending.TIMEOUT : ending;
  }
}
