package dev.rookery.policy.shell;

import java.util.List;

/** What a command line was read as. */
public sealed interface ShellLine {
  /**
   * Every command that it may run.
   *
   * @param doubts what else may run, although it is no command: arithmetic on variables and the
   *     like
   */
  record Parsed(List<SimpleCommand> commands, List<String> doubts) implements ShellLine {
    public Parsed {
      commands = List.copyOf(commands);
      doubts = List.copyOf(doubts);
    }
  }

  /** Not readable, so nothing is known about it. */
  record Unparsed(String why) implements ShellLine {}
}
