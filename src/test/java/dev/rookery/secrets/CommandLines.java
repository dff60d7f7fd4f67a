package dev.rookery.secrets;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Looks at the arguments and the environment of all processes of the machine, over and over. */
final class CommandLines implements AutoCloseable {
  private final Needles needles;
  private final String wanted;
  private final Thread thread;
  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile long seen;

  /**
   * @param wanted what the processes that matter have in their arguments
   */
  CommandLines(Needles needles, String wanted) {
    this.needles = needles;
    this.wanted = wanted;
    this.thread = Thread.ofPlatform().daemon().start(this::look);
  }

  private void look() {
    while (!closed) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        all.forEach(this::lookAt);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  private void lookAt(Path process) {
    for (String file : List.of("cmdline", "environ")) {
      byte[] bytes = read(process.resolve(file));
      found.addAll(needles.in(bytes));
      if (file.equals("cmdline") && new String(bytes).contains(wanted)) {
        seen++;
      }
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** What was found so far. */
  Set<String> found() {
    return found;
  }

  /** How often a process that matters was looked at. */
  long seen() {
    return seen;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
