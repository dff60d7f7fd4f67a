package dev.rookery.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs commands as a user would, without a process. */
final class Shell {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private final Map<String, String> env = new HashMap<>();
  private String input = "";
  private boolean interactive;
  private @Nullable InputStream typed;
  private volatile @Nullable Terminal terminal;
  private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> awaitedOut = new ConcurrentHashMap<>();

  /** What a command left behind. */
  record Result(int exitCode, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }
  }

  Shell home(Path directory) {
    return env("ROOKERY_HOME", directory.toString());
  }

  Shell env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Shell input(String text) {
    input = text;
    return this;
  }

  /** Lines as they are typed, instead of all at once. */
  Shell typing(InputStream lines) {
    typed = lines;
    return interactive();
  }

  /** Presses Ctrl-C in the command that runs. */
  void interrupt() {
    Objects.requireNonNull(terminal).interrupt();
  }

  /** As if a person sat in front of it. */
  Shell interactive() {
    interactive = true;
    return this;
  }

  /** Opens once this was written to stderr. */
  CountDownLatch onErr(String text) {
    return awaited.computeIfAbsent(text, _ -> new CountDownLatch(1));
  }

  /** Opens once this was written to stdout. */
  CountDownLatch onOut(String text) {
    return awaitedOut.computeIfAbsent(text, _ -> new CountDownLatch(1));
  }

  /** What a stream holds, and who waits for something in it. */
  private static final class Heard extends OutputStream {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final Map<String, CountDownLatch> awaited;

    Heard(Map<String, CountDownLatch> awaited) {
      this.awaited = awaited;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      all.write(bytes, from, length);
      String text = text();
      awaited.forEach(
          (wanted, latch) -> {
            if (text.contains(wanted)) {
              latch.countDown();
            }
          });
    }

    synchronized String text() {
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  Result run(String... args) {
    Heard out = new Heard(awaitedOut);
    Heard err = new Heard(awaited);
    InputStream in =
        typed == null ? new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)) : typed;
    Terminal made =
        new Terminal(
            new Terminal.Streams(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            env,
            interactive);
    terminal = made;
    int exitCode = CommandTree.of(new Context(made, () -> NOW), args).execute(args);
    return new Result(exitCode, out.text(), err.text());
  }
}
