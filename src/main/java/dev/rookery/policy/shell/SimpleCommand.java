package dev.rookery.policy.shell;

import java.util.List;

/**
 * One command of a line: what is set for it, its words, its redirections, and what it runs itself.
 * Without words it only sets variables or moves input and output.
 */
public record SimpleCommand(
    List<Assignment> assignments, List<Word> argv, List<Redirect> redirects, Carried carried) {
  public SimpleCommand {
    assignments = List.copyOf(assignments);
    argv = List.copyOf(argv);
    redirects = List.copyOf(redirects);
  }

  /** What a command runs besides itself. */
  public sealed interface Carried {
    /** Nothing that could be seen. */
    record Nothing() implements Carried {}

    /**
     * Other commands, in the way of {@code env} or {@code sh -c}.
     *
     * @param at index of the first word of the carried command, or of the script
     * @param transparent whether the carrier adds nothing of its own to what it carries
     */
    record Inner(List<SimpleCommand> commands, int at, boolean transparent) implements Carried {
      public Inner {
        commands = List.copyOf(commands);
      }
    }

    /**
     * Code that is not looked into, in the way of {@code python -c}.
     *
     * @param named what a rule must name literally to mean it
     */
    record Opaque(String why, String named) implements Carried {}
  }

  /** As a person would write it. */
  public String written() {
    StringBuilder line = new StringBuilder();
    for (Assignment assignment : assignments) {
      line.append(assignment.name()).append('=').append(assignment.value().written()).append(' ');
    }
    for (Word word : argv) {
      line.append(word.written()).append(' ');
    }
    for (Redirect redirect : redirects) {
      line.append(arrow(redirect)).append(' ');
    }
    return line.toString().stripTrailing();
  }

  private static String arrow(Redirect redirect) {
    return switch (redirect.kind()) {
      case READ -> "< " + redirect.target().written();
      case WRITE -> "> " + redirect.target().written();
      case TEXT -> "<< …";
    };
  }
}
