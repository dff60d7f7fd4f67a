package dev.rookery.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says on stderr what is going on, when a person sees it (on systems that have /proc). */
final class Progress {
  private final PrintWriter err;
  private final boolean shown;

  private Progress(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  static Progress to(PrintWriter err) {
    return new Progress(err, stderrIsTerminal());
  }

  private static boolean stderrIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  void say(String text) {
    if (shown) {
      err.println("  " + text);
      err.flush();
    }
  }
}
