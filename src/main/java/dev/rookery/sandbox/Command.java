package dev.rookery.sandbox;

import java.util.List;

/** What is run. */
public sealed interface Command {
  /** One program with its arguments, found on the sandbox's PATH. */
  record Argv(List<String> arguments) implements Command {
    public Argv {
      arguments = List.copyOf(arguments);
      if (arguments.isEmpty()) {
        throw new IllegalArgumentException("a command needs a program");
      }
    }
  }

  /** A command line for bash. */
  record Shell(String line) implements Command {}
}
