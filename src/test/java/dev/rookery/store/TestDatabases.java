package dev.rookery.store;

import dev.rookery.kernel.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Fresh databases for tests. */
public final class TestDatabases {
  private TestDatabases() {}

  /** An empty database with the current schema. Close it after use. */
  public static TestDatabase fresh(Engine engine) {
    TestClock clock = new TestClock();
    return switch (engine) {
      case SQLITE -> sqlite(clock);
      case POSTGRESQL -> postgres(clock);
    };
  }

  private static TestDatabase sqlite(TestClock clock) {
    Path directory = temporaryDirectory();
    return new TestDatabase(
        Engine.SQLITE,
        clock,
        () -> Databases.sqlite(directory.resolve("rookery.db"), clock),
        () -> delete(directory));
  }

  private static TestDatabase postgres(TestClock clock) {
    String name = TestPostgres.nextName();
    return new TestDatabase(
        Engine.POSTGRESQL,
        clock,
        () -> {
          TestPostgres server = TestPostgres.shared();
          server.createDatabase(name);
          return Databases.postgres(server.settings(name), clock);
        },
        () -> TestPostgres.shared().dropDatabase(name));
  }

  /**
   * A fresh database on the PostgreSQL server, for nodes that open it by themselves.
   *
   * @param url for JDBC
   */
  public record Server(String url, String user, String password, Runnable drop)
      implements AutoCloseable {
    public Database open() {
      return Databases.postgres(new Databases.Postgres(url, user, password, 4));
    }

    @Override
    public void close() {
      drop.run();
    }
  }

  /** The test is skipped when PostgreSQL cannot run here. */
  public static Server freshServer() {
    TestPostgres server = TestPostgres.shared();
    String name = TestPostgres.nextName();
    server.createDatabase(name);
    Databases.Postgres settings = server.settings(name);
    return new Server(
        settings.url(),
        Objects.requireNonNull(settings.user()),
        Objects.requireNonNull(settings.password()),
        () -> server.dropDatabase(name));
  }

  /** A database file, made unless it is there. */
  public static Database sqlite(Path file, InstantSource clock) {
    return Databases.sqlite(file, clock);
  }

  public static void deleteDirectory(Path directory) {
    delete(directory);
  }

  static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("rookery-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
