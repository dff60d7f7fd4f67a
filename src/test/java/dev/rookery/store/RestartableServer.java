package dev.rookery.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL server of the test's own that goes away and comes back on the same port. */
public final class RestartableServer implements AutoCloseable {
  private final Path directory;
  private final int port;
  private EmbeddedPostgres server;

  /** The test is skipped when PostgreSQL cannot run here. */
  public RestartableServer(Path directory) {
    TestPostgres.shared();
    this.directory = directory;
    this.server = startOn(0);
    this.port = server.getPort();
    TestPostgres.createRole(server);
    TestPostgres.execute(server, "CREATE DATABASE rookery OWNER rookery");
  }

  public Database open() {
    return Databases.postgres(TestPostgres.settings(server, "rookery"));
  }

  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void startAgain() {
    server = startOn(port);
  }

  private EmbeddedPostgres startOn(int wanted) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false);
    try {
      return TestPostgres.start(wanted == 0 ? builder : builder.setPort(wanted));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
