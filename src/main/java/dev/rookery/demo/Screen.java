package dev.rookery.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What people see. Colour only underlines; every line makes sense without it. */
final class Screen {
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final Duration REMINDER = Duration.ofSeconds(10);

  private final PrintStream out;
  private final boolean colour;
  private final boolean live;
  private volatile boolean silent;
  private boolean unfinished;
  private long reminded;

  /** What a word means, shown as a colour. */
  enum Tone {
    PLAIN(""),
    GOOD("32"),
    WARN("33"),
    BAD("31"),
    DIM("2"),
    STRONG("1");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  /**
   * @param live whether lines can be written over: a terminal, no file
   */
  Screen(PrintStream out, boolean colour, boolean live) {
    this.out = out;
    this.colour = colour;
    this.live = live;
  }

  /** On JDK 25 the console is null again when there is no terminal (JDK-8351435). */
  @SuppressWarnings("SystemConsoleNull")
  static Screen of(PrintStream out, Map<String, String> env, boolean noColor) {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    boolean dumb = env.getOrDefault("TERM", "").equals("dumb");
    boolean refused = noColor || !env.getOrDefault("NO_COLOR", "").isEmpty();
    return new Screen(out, terminal && !dumb && !refused, terminal && !dumb);
  }

  static Screen none() {
    Screen screen = new Screen(new PrintStream(PrintStream.nullOutputStream()), false, false);
    screen.silent = true;
    return screen;
  }

  /** Nothing more is shown: the process is being stopped. */
  void mute() {
    silent = true;
  }

  String paint(String text, Tone tone) {
    return !colour || tone == Tone.PLAIN || text.isEmpty()
        ? text
        : "\u001b[" + tone.code + "m" + text + "\u001b[0m";
  }

  /** A part of the demonstration, and the one sentence on what it proves. */
  void section(String title, String proves) {
    line("");
    line(paint(title, Tone.STRONG));
    line("  " + proves);
    line("");
  }

  /** One thing that happened. */
  record Happening(String when, String who, String kind, String what) {}

  void happened(Happening it, Tone tone) {
    line(
        "  %s  %s  %s  %s"
            .formatted(
                paint("%8s".formatted(it.when()), Tone.DIM),
                "%-5s".formatted(it.who()),
                paint("%-10s".formatted(it.kind()), tone),
                it.what()));
  }

  void line(String text) {
    if (!silent) {
      out.println((unfinished ? CLEAR_LINE : "") + text);
      out.flush();
      unfinished = false;
    }
  }

  /** What takes its time: one line that is written over, or a reminder now and then. */
  void waiting(String what, Duration since) {
    if (silent) {
      return;
    }
    if (live) {
      out.print(
          CLEAR_LINE
              + "  "
              + paint(
                  String.format(Locale.ROOT, "%s … %.1f s", what, since.toMillis() / 1000.0),
                  Tone.DIM));
      out.flush();
      unfinished = true;
    } else if (since.dividedBy(REMINDER) > reminded) {
      reminded = since.dividedBy(REMINDER);
      line("  %s … %d s".formatted(what, since.toSeconds()));
    }
  }

  /** A new wait begins. */
  void beginWaiting() {
    reminded = 0;
  }
}
