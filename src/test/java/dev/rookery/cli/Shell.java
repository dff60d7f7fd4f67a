package dev.rookery.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands as a user would, without a process. */
final class Shell {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private final Map<String, String> env = new HashMap<>();
  private String input = "";
  private boolean interactive;

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

  Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new Terminal.Streams(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            env,
            interactive);
    int exitCode = CommandTree.of(new Context(terminal, () -> NOW), args).execute(args);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
