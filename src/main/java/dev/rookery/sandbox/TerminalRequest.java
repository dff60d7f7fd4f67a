package dev.rookery.sandbox;

import dev.rookery.sandbox.confinement.Limits;
import java.util.List;

/**
 * A terminal to open.
 *
 * @param argv program, found on the sandbox's PATH
 */
public record TerminalRequest(List<String> argv, int columns, int rows, Limits limits) {
  public TerminalRequest {
    argv = List.copyOf(argv);
  }

  /** An interactive bash, for at most a day. */
  public static TerminalRequest shell(int columns, int rows) {
    return new TerminalRequest(
        List.of("/bin/bash", "--noprofile", "--norc", "-i"),
        columns,
        rows,
        Limits.USUAL.withTimeout(Limits.LONGEST));
  }
}
