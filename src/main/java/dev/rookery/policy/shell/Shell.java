package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a command line of POSIX sh or bash as the commands that it may run. It errs to one side:
 * what it cannot read with certainty it does not read at all.
 */
public final class Shell {
  private static final int MAX_LENGTH = 32_768;

  private Shell() {}

  /** Reads a line, or says why it cannot be read. Never throws, never hangs. */
  public static ShellLine read(String line) {
    try {
      return parse(line, 0);
    } catch (Unreadable e) {
      return new ShellLine.Unparsed(e.why());
    }
  }

  static ShellLine.Parsed parse(String line, int depth) {
    check(line);
    Findings findings = new Findings(depth);
    new Parser(findings, new Chars(line)).script();
    List<SimpleCommand> commands = new ArrayList<>(findings.drafts.size());
    for (Draft draft : findings.drafts) {
      commands.add(Carriers.complete(draft, depth));
    }
    return new ShellLine.Parsed(commands, findings.doubts);
  }

  /** A line whose look deceives is not read: a person could not decide on it either. */
  private static void check(String line) {
    if (line.length() > MAX_LENGTH) {
      throw new Unreadable("it is longer than " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < line.length(); ) {
      int c = line.codePointAt(i);
      if (c >= 0x7f || (c < ' ' && c != '\n' && c != '\t')) {
        refuseInvisible(c);
      }
      i += Character.charCount(c);
    }
  }

  private static void refuseInvisible(int c) {
    boolean seen =
        switch ((byte) Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.UNASSIGNED,
              Character.PRIVATE_USE,
              Character.SPACE_SEPARATOR,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
    if (!seen || (c >= 0xfe00 && c <= 0xfe0f) || c == 0x115f || c == 0x1160 || c == 0x3164) {
      throw new Unreadable("it holds the invisible character U+%04X".formatted(c));
    }
  }
}
