package dev.rookery.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * An embedded PostgreSQL server, started once per JVM and only when a test needs it. Databases are
 * copies of a migrated template and belong to a role without privileges, as in production.
 */
final class TestPostgres {
  static final String ROLE = "rookery";
  private static final String PASSWORD = "rookery";
  private static final String TEMPLATE = "rookery_template";
  private static final int POOL = 12;
  private static final AtomicInteger MADE = new AtomicInteger();

  private final EmbeddedPostgres server;
  private final Set<String> created = new HashSet<>();

  private TestPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * @throws TestAbortedException when the server's binaries do not run on this machine
   */
  static TestPostgres shared() {
    if (Shared.SERVER == null) {
      throw new TestAbortedException(
          "PostgreSQL tests are skipped: the embedded server does not start here: "
              + Shared.failure);
    }
    return Shared.SERVER;
  }

  /** A server with the role; the caller stops it. */
  static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) throws IOException {
    return builder
        .setServerConfig("fsync", "off")
        .setServerConfig("full_page_writes", "off")
        .setServerConfig("max_connections", "200")
        .start();
  }

  static void createRole(EmbeddedPostgres server) {
    execute(
        server,
        "CREATE ROLE "
            + ROLE
            + " LOGIN PASSWORD '"
            + PASSWORD
            + "' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
  }

  static Databases.Postgres settings(EmbeddedPostgres server, String database) {
    return new Databases.Postgres(
        "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, ROLE, PASSWORD, POOL);
  }

  Databases.Postgres settings(String database) {
    return settings(server, database);
  }

  /** As the superuser, whom Rookery refuses. */
  Databases.Postgres superuserSettings(String database) {
    return new Databases.Postgres(settings(database).url(), "postgres", "postgres", 2);
  }

  static String nextName() {
    return "test_" + MADE.incrementAndGet();
  }

  /** Makes a copy of the template, unless there is one of this name. */
  synchronized void createDatabase(String name) {
    if (created.add(name)) {
      execute(server, "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE + " OWNER " + ROLE);
    }
  }

  void dropDatabase(String name) {
    execute(server, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  /** Runs a statement as the superuser of the server, outside any transaction. */
  void execute(String sql) {
    execute(server, sql);
  }

  static void execute(EmbeddedPostgres server, String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("failed: " + sql, e);
    }
  }

  private static TestPostgres withTemplate() throws IOException {
    EmbeddedPostgres started = start(EmbeddedPostgres.builder());
    createRole(started);
    execute(started, "CREATE DATABASE " + TEMPLATE + " OWNER " + ROLE);
    TestPostgres result = new TestPostgres(started);
    Databases.postgres(result.settings(TEMPLATE)).close();
    return result;
  }

  /** Holds the server; the JVM starts it once, on first use. */
  private static final class Shared {
    static String failure = "";
    static final @Nullable TestPostgres SERVER = startOrNull();

    private Shared() {}

    private static @Nullable TestPostgres startOrNull() {
      try {
        return withTemplate();
      } catch (IOException | IllegalStateException e) {
        failure = String.valueOf(e);
        return null;
      }
    }
  }
}
