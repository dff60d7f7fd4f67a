package dev.rookery.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The kernel's table of processes, looked at again and again: those that carry a mark in their
 * arguments. What this program believes of its processes plays no part.
 */
final class MarkedProcesses implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Thread thread;
  private Look latest = new Look(0, 0, List.of());
  private boolean closed;

  /**
   * One look.
   *
   * @param began nanoseconds, before the first process was read
   * @param ended after the last was
   */
  private record Look(long began, long ended, List<String> commandLines) {
    boolean anywhere(String mark) {
      return commandLines.stream().anyMatch(line -> line.contains(mark));
    }

    long named(String mark) {
      return commandLines.stream().filter(line -> line.startsWith(mark + "\0")).count();
    }
  }

  MarkedProcesses() {
    this.thread = Thread.ofPlatform().daemon().name("bench-processes").start(this::watch);
  }

  private synchronized void watch() {
    while (!closed) {
      latest = look();
      notifyAll();
      try {
        wait(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Look look() {
    long began = System.nanoTime();
    List<String> lines = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        lines.add(commandLine(process));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the processes cannot be listed", e);
    }
    return new Look(began, System.nanoTime(), lines);
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns when so many processes have the mark as their name. */
  void awaitNamed(String mark, int count, Duration patience) throws InterruptedException {
    await("start", mark, patience, look -> look.named(mark) >= count);
  }

  /**
   * Returns when no process has the mark anywhere in its arguments.
   *
   * @param since a look that began earlier does not count
   * @return when that was known, in nanoseconds
   */
  long awaitGone(String mark, long since, Duration patience) throws InterruptedException {
    return await("end", mark, patience, look -> look.began() - since >= 0 && !look.anywhere(mark));
  }

  private synchronized long await(
      String what, String mark, Duration patience, Predicate<Look> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!wanted.test(latest)) {
      if (System.nanoTime() - deadline > 0) {
        throw new Mismatch(
            "The processes of " + mark + " did not " + what + " within " + patience + ".");
      }
      wait(100);
    }
    return latest.ended();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
  }
}
