package dev.rookery.cli;

import dev.rookery.kernel.Refusal;
import dev.rookery.store.StorageUnavailable;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a message with its next step on stderr, and an exit code. */
record Failures(Context context) implements IParameterExceptionHandler, IExecutionExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintStream err = context.terminal().err();
    say(Glyphs.harmless(String.valueOf(e.getMessage())));
    UnmatchedArgumentException.printSuggestions(e, command.getErr());
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return Exit.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    if (context.options().verbose()) {
      e.printStackTrace(context.terminal().err());
    }
    return switch (e) {
      case CliFailure failure -> {
        say(failure.text());
        yield failure.exitCode();
      }
      case Refusal refusal -> {
        say(refusal.getMessage() + " (" + refusal.code() + ")");
        yield Exit.of(refusal.kind());
      }
      case StorageUnavailable unavailable -> {
        say(
            "The database cannot be used: %s. When it is back, run this again."
                .formatted(unavailable.getMessage()));
        yield Exit.FAILED;
      }
      default -> {
        say("Unexpected: %s. Run it again with --verbose to see where it came from.".formatted(e));
        yield Exit.FAILED;
      }
    };
  }

  private void say(String text) {
    Style style = context.style();
    context
        .terminal()
        .err()
        .println(style.paint("rookery: ", Style.Tone.BAD) + Glyphs.harmless(text));
  }
}
