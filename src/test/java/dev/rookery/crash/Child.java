package dev.rookery.crash;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, and what it said in {@code @@} lines. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SIGKILLED = 137;

  private final Process process;
  private final Path log;
  private final List<String> said = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.reader = Thread.ofPlatform().name("child-output").daemon(true).start(this::read);
  }

  static Child start(Plan plan) {
    try {
      Path log = Files.createTempFile("crashed-node", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xmx192m",
              "-Xshare:auto",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "--enable-native-access=ALL-UNNAMED"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(CrashedNode.class.getName(), plan.spelled()));
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
      return new Child(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("@@ ")) {
          add(line.substring(3));
        } else {
          Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
        }
      }
    } catch (IOException e) {
      add("output broke: " + e.getMessage());
    }
    noteEnd();
  }

  private synchronized void add(String line) {
    said.add(line);
    notifyAll();
  }

  private synchronized void noteEnd() {
    ended = true;
    notifyAll();
  }

  /** One line for its standard input. */
  void tell(String line) {
    try {
      BufferedWriter input = process.outputWriter();
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the child is gone: " + log(), e);
    }
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

  /** The rest of the line that begins so, of which there is one. */
  synchronized String told(String beginning) {
    return said.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no '%s' in %s".formatted(beginning, said)));
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

  /** Lets it end in order. */
  void end() {
    tell("end");
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
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
