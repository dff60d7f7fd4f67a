package dev.rookery.homes;

import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A home in a temporary directory, with something beside it that nobody may reach. */
public final class TestHome implements AutoCloseable {
  public static final String CANARY = "the canary is alive";
  private final Path top;
  private final Path home;
  private final HomeFiles files;

  public TestHome() {
    this(1L << 30);
  }

  public TestHome(long quota) {
    try {
      top = Files.createTempDirectory("rookery-home-");
      home = Files.createDirectory(top.resolve("home"));
      Files.createDirectory(top.resolve("outside"));
      Files.writeString(canary(), CANARY);
      files = new HomeFiles(new Home(home, null), quota);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return home;
  }

  /** Beside the home: {@code ../outside/canary}. */
  public Path canary() {
    return top.resolve("outside/canary");
  }

  public HomeFiles files() {
    return files;
  }

  /** Writes as the server does. */
  public String put(String path, String text) {
    return files.write(path, text.getBytes(StandardCharsets.UTF_8), Expected.ANYTHING);
  }

  public String text(String path) {
    return new String(files.read(path, 0, 1 << 20).bytes(), StandardCharsets.UTF_8);
  }

  static Search.Bounds bounds(int limit) {
    return new Search.Bounds(false, limit, Duration.ofSeconds(20), () -> false);
  }

  @Override
  public void close() {
    TestDatabases.deleteDirectory(top);
  }
}
