package dev.rookery.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Runs commands as a user would, without a process. */
final class Shell {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private final Map<String, String> env = new HashMap<>();
  private String input = "";
  private boolean interactive;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

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

  /** As if a person sat in front of it. */
  Shell interactive() {
    interactive = true;
    return this;
  }

  /** Opens once this was written to stderr. */
  CountDownLatch onErr(String text) {
    return awaited.computeIfAbsent(text, _ -> new CountDownLatch(1));
  }

  private final class Watched extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      err.write(bytes, from, length);
      String all = err.toString(StandardCharsets.UTF_8);
      awaited.forEach(
          (text, latch) -> {
            if (all.contains(text)) {
              latch.countDown();
            }
          });
    }
  }

  Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new Terminal.Streams(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new Watched(), true, StandardCharsets.UTF_8)),
            env,
            interactive);
    int exitCode = CommandTree.of(new Context(terminal, () -> NOW), args).execute(args);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
