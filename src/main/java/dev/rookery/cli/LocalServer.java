package dev.rookery.cli;

import dev.rookery.Rookery;
import dev.rookery.models.Models;
import dev.rookery.ops.Settings;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A server in this process, and how it describes itself. Closing it twice is closing it once. */
final class LocalServer implements AutoCloseable {
  private final Settings settings;
  private final Rookery rookery;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private boolean closed;

  private LocalServer(Settings settings, Rookery rookery) {
    this.settings = settings;
    this.rookery = rookery;
  }

  static LocalServer start(Settings settings) {
    return new LocalServer(settings, Rookery.start(settings));
  }

  /** As it announced itself in its data directory. */
  String url() {
    return new LocalFiles(settings.dataDir())
        .server()
        .map(LocalFiles.Server::url)
        .orElseGet(() -> settings.url(settings.port()).toString());
  }

  /** The one-time link that makes the first owner; null when there is one. */
  @Nullable String setupLink() {
    String link = rookery.setupLink();
    return link == null || !link.startsWith("/") ? link : url() + link;
  }

  String node() {
    return rookery.node().value();
  }

  Models.Description model() {
    return rookery.house().models.describe();
  }

  /** For people; without user and password. */
  String database() {
    String url = settings.databaseUrl();
    return url == null
        ? "SQLite, " + settings.dataDir().resolve("rookery.db")
        : "PostgreSQL, "
            + url.replaceFirst("^jdbc:postgresql:", "")
                .replaceFirst("\\?.*$", "")
                .replaceFirst("//[^/]*@", "//");
  }

  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** Drains. A second caller waits for the first. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      rookery.close();
      stopped.countDown();
    }
  }
}
