package dev.rookery.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fresh temporary directory and the server process in it. However this process ends, short of
 * SIGKILL, the server is killed; the directory is deleted unless it is worth keeping.
 */
final class Workplace implements AutoCloseable {
  private final Path directory;
  private final Runnable onStop;
  private final Thread hook = new Thread(this::stopped, "demo-stop");
  private boolean kept;
  private boolean closed;
  private @Nullable ServerProcess server;

  /**
   * @param parent where the directory is made
   * @param kept whether it stays
   * @param onStop run when this process is told to stop
   */
  Workplace(Path parent, boolean kept, Runnable onStop) {
    this.kept = kept;
    this.onStop = onStop;
    try {
      this.directory = Files.createTempDirectory(parent, "rookery-demo-");
    } catch (IOException e) {
      throw new DemoFailure("No directory can be made in " + parent + " (" + e + ").");
    }
    Runtime.getRuntime().addShutdownHook(hook);
    write(place().script(), Story.script(""));
  }

  /** Another script for the model, from its next call on. */
  void script(String text) {
    write(place().script(), text);
  }

  /** A file beside the data directory, in a directory that everybody may pass through. */
  Path leave(String name, String text) {
    Path file = directory.resolve(name);
    write(file, text);
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new DemoFailure("The file " + file + " cannot be made readable: " + e + ".");
    }
    return file;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new DemoFailure("The file " + file + " cannot be written: " + e.getMessage() + ".");
    }
  }

  ServerProcess.Place place() {
    return new ServerProcess.Place(
        directory.resolve("data"),
        directory.resolve("order-desk.yaml"),
        directory.resolve("server.log"));
  }

  Path directory() {
    return directory;
  }

  /** Something went wrong, and people will want to look. */
  synchronized void keep() {
    kept = true;
  }

  synchronized boolean kept() {
    return kept;
  }

  /** A server on this directory; at most one at a time. */
  synchronized ServerProcess start(int port) {
    if (closed) {
      throw new DemoFailure("The demonstration is being stopped.");
    }
    ServerProcess started = ServerProcess.start(place(), port);
    server = started;
    return started;
  }

  private void stopped() {
    onStop.run();
    end();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The hook is running and does the rest.
    }
    end();
  }

  private synchronized void end() {
    if (closed) {
      return;
    }
    closed = true;
    if (server != null) {
      server.kill();
      awaitEnd(server);
    }
    if (!kept) {
      delete(directory);
    }
  }

  private static void awaitEnd(ServerProcess server) {
    try {
      server.awaitEnd();
    } catch (DemoFailure e) {
      return; // It got SIGKILL; there is nothing stronger.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // What is left lies in the system's temporary directory; nothing was disproved.
      return;
    }
  }
}
