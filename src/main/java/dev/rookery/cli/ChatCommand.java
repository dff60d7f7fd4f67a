package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chat}. */
@Command(
    name = "chat",
    description = {
      "Talk to an agent in the terminal. /clear begins afresh, /quit (or Ctrl-D) ends.",
      "With piped input each line is a message, and each reply is awaited. Exit code then: 0, 1 when"
          + " a run failed, 5 when one waits for a person.",
      "On a terminal replies are shown as they come, and what the agent asks permission for is"
          + " answered here. Ctrl-C stops the run, a second one leaves.",
    },
    footer = {
      "  rookery chat rook",
      "  rookery chat rook --conversation cli:shop",
      "  printf 'hello\\nwhat did I say?\\n' | rookery chat rook",
    })
final class ChatCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<agent>", description = "Handle or id.")
  private String agent = "";

  @Option(
      names = "--conversation",
      paramLabel = "<key>",
      description = "Begins with cli: or api: (default: one per agent and key).")
  private @Nullable String conversation;

  @Option(
      names = "--timeout",
      paramLabel = "<time>",
      converter = TimeLimit.class,
      defaultValue = "10m",
      description = "How long to wait for a reply (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofMinutes(10);

  ChatCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode found = context.api().get(Route.of("agents/{}", agent));
    Output output = context.output();
    Patience patience = new Patience(timeout, output::note);
    boolean plain = output.forPrograms() || context.options().quiet();
    try (Dialogue dialogue = new Dialogue(context.api(), patience, agent, conversation)) {
      if (context.terminal().interactive()) {
        output.note(
            "%s listens. /clear begins afresh, /quit ends."
                .formatted(Glyphs.line(found.path("name").asText(agent))));
      }
      return context.terminal().interactive() && !plain
          ? new ChatSession(context, dialogue, agent, timeout).run()
          : lines(dialogue, output);
    }
  }

  private int lines(Dialogue dialogue, Output output) {
    Terminal terminal = context.terminal();
    int exit = Exit.OK;
    while (true) {
      String line = terminal.readLine("> ");
      if (line == null || line.strip().equals("/quit")) {
        return terminal.interactive() ? Exit.OK : exit;
      }
      if (!line.isBlank()) {
        int code = turn(dialogue, output, line);
        if (code == Exit.WAITING && !terminal.interactive()) {
          return code;
        }
        exit = code == Exit.OK ? exit : code;
      }
    }
  }

  private int turn(Dialogue dialogue, Output output, String line) {
    Turn turn = dialogue.say(line);
    dialogue.follow(turn, timeout, AskCommand.listener(context, ""));
    if (context.options().json() != null && !context.options().jsonLines()) {
      output.jsonLine(turn.json(agent));
    } else if (context.options().quiet() && turn.run() != null) {
      output.line(turn.run());
    }
    AskCommand.explain(output, turn);
    return AskCommand.endingOf(turn).exitCode();
  }
}
