package dev.rookery.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, and what it said in {@code @@} lines. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SIGKILLED = 137;

  private final Process process;
  private final Path errors;
  private final List<String> said = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private Child(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.reader = Thread.ofPlatform().name("child-output").daemon(true).start(this::read);
  }

  static Child start(Plan plan) {
    try {
      Path errors = Files.createTempFile("crashed-node", ".log");
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx160m",
              "-Xshare:auto",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              CrashedNode.class.getName(),
              plan.spelled());
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      return new Child(builder.start(), errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("@@ ")) {
          add(line.substring(3));
        }
      }
    } catch (IOException e) {
      add("output broke: " + e.getMessage());
    }
    end();
  }

  private synchronized void add(String line) {
    said.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits until it said this so often. */
  synchronized void await(String line, int times) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (said.stream().filter(line::equals).count() < times) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || ended) {
        throw new AssertionError(
            "the child did not say '%s' %d times but %s; its log: %s"
                .formatted(line, times, said, log()));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  synchronized List<String> said() {
    return List.copyOf(said);
  }

  /** SIGKILL; returns when it is dead. */
  void kill() {
    process.destroyForcibly();
    int status = exit();
    if (status != SIGKILLED) {
      throw new AssertionError("the child ended by itself with " + status + ": " + log());
    }
  }

  /** Waits for an end in order. */
  void awaitEnd() {
    await("end", 1);
    int status = exit();
    if (status != 0) {
      throw new AssertionError("the child ended with " + status + ": " + log());
    }
  }

  private int exit() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the child does not end: " + log());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String log() {
    try {
      String text = Files.readString(errors);
      return text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
