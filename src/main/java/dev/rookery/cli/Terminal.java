package dev.rookery.cli;

import dev.rookery.posix.TerminalSize;
import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command reads from and writes to: stdout for data, stderr for messages. Both are UTF-8
 * whatever the locale says, since JSON is.
 */
final class Terminal {
  private final BufferedReader in;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> env;
  private final boolean interactive;
  private boolean ofProcess;
  private volatile @Nullable Runnable interrupted;

  /** The three streams of a process. */
  record Streams(InputStream in, PrintStream out, PrintStream err) {}

  /**
   * @param interactive whether a person sits in front of it, who can be asked
   */
  Terminal(Streams streams, Map<String, String> env, boolean interactive) {
    this.in = new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8));
    this.out = streams.out();
    this.err = streams.err();
    this.env = Map.copyOf(env);
    this.interactive = interactive;
  }

  /** JDK 25 has no console again where stdin or stdout is no terminal. */
  @SuppressWarnings("SystemConsoleNull")
  static Terminal ofProcess() {
    Console console = System.console();
    Terminal terminal =
        new Terminal(
            new Streams(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err)),
            System.getenv(),
            console != null && console.isTerminal());
    terminal.ofProcess = true;
    return terminal;
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  boolean interactive() {
    return interactive;
  }

  /** Has Ctrl-C do this instead of ending the process; of the process's own terminal only. */
  void onInterrupt(Runnable action) {
    interrupted = action;
    if (ofProcess) {
      Interrupts.handle(action);
    }
  }

  /** As if Ctrl-C had been pressed. */
  void interrupt() {
    Runnable action = interrupted;
    if (action != null) {
      action.run();
    }
  }

  /** Whether what was written can be written over. */
  boolean cursor() {
    String kind = env("TERM");
    return interactive && kind != null && !kind.equals("dumb");
  }

  /**
   * How large it is.
   *
   * @param columns 0 when that is unknown, or nothing can be written over
   */
  record Size(int columns, int rows) {
    static final Size UNKNOWN = new Size(0, 0);
  }

  /** As the terminal says, or else {@code COLUMNS} and {@code LINES}. */
  Size size() {
    if (!cursor()) {
      return Size.UNKNOWN;
    }
    return ofProcess ? measured() : new Size(number("COLUMNS"), number("LINES"));
  }

  private Size measured() {
    return TerminalSize.of(1)
        .map(size -> new Size(size.columns(), size.rows()))
        .orElseGet(() -> new Size(number("COLUMNS"), number("LINES")));
  }

  private int number(String name) {
    String value = env(name);
    return value != null && value.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(value) : 0;
  }

  Map<String, String> env() {
    return env;
  }

  /** The variable's value; null when it is not set or blank. */
  @Nullable String env(String name) {
    String value = env.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The next line; null at the end of the input. Shows the prompt to a person only. */
  @Nullable String readLine(String prompt) {
    if (interactive) {
      err.print(prompt);
      err.flush();
    }
    try {
      return in.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of the input that is left. */
  String readAll() {
    StringBuilder text = new StringBuilder();
    for (String line = readLine(""); line != null; line = readLine("")) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /** A line typed without echo; null when there is nobody to ask. */
  @SuppressWarnings("SystemConsoleNull")
  @Nullable String readSecret(String prompt) {
    Console console = interactive ? System.console() : null;
    char[] typed = console == null ? null : console.readPassword("%s", prompt);
    return typed == null ? null : new String(typed);
  }
}
