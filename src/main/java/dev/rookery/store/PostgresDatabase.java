package dev.rookery.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rookery.kernel.Acting;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL. Each transaction names its organization to the server, where forced row-level
 * security hides all others. READ COMMITTED is enough for writes: rows that decide something are
 * locked by the statement that reads them. Reads take one snapshot (REPEATABLE READ).
 */
final class PostgresDatabase implements Database {
  private static final int RETRIES = 5;
  private static final String ENTER =
      """
      SELECT set_config('rookery.org', :org, true), set_config('rookery.scope', :scope, true),
             (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now
      """;

  private static final int TURN_SECONDS = 10;

  private final HikariDataSource pool;

  /**
   * Connections are given out in order of asking. The pool gives them to whoever is quickest: under
   * load some would wait beyond its time-out, which must stay short as it tells a dead server.
   */
  private final Semaphore turns;

  private final Jdbi jdbi;
  private final @Nullable InstantSource testClock;
  private final String description;

  PostgresDatabase(Databases.Postgres settings, @Nullable InstantSource testClock) {
    this.testClock = testClock;
    this.turns = new Semaphore(settings.poolSize(), true);
    this.description = "PostgreSQL " + settings.url().replaceAll("\\?.*$", "");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    if (settings.user() != null) {
      config.setUsername(settings.user());
    }
    if (settings.password() != null) {
      config.setPassword(settings.password());
    }
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(10_000);
    config.setPoolName("postgres");
    config.addDataSourceProperty("ApplicationName", "rookery");
    config.addDataSourceProperty("socketTimeout", "60");
    this.pool = connect(config);
    this.jdbi =
        Jdbi.create(pool)
            .registerArgument(new PlainArguments())
            .configure(SqlStatements.class, c -> c.setTemplateEngine(new PlainTemplates()));
    try {
      refuseBypassingRole();
      jdbi.useTransaction(
          handle -> Migrations.run(handle, Dialect.POSTGRESQL, System.currentTimeMillis()));
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static HikariDataSource connect(HikariConfig config) {
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new StorageUnavailable(
          "PostgreSQL cannot be reached at "
              + config.getJdbcUrl().replaceAll("\\?.*$", "")
              + ": "
              + rootMessage(e),
          e);
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /**
   * Row-level security is void for such roles, so that one query without its filter would show
   * every tenant.
   */
  private void refuseBypassingRole() {
    String role =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT rolname FROM pg_roles
                        WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
                        """)
                    .mapTo(String.class)
                    .findOne()
                    .orElse(""));
    if (!role.isEmpty()) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          "role-bypasses-rls",
          "PostgreSQL role '"
              + role
              + "' is a superuser or has BYPASSRLS, so tenants could not be kept apart."
              + " Connect as another role: CREATE ROLE rookery LOGIN PASSWORD '…' NOSUPERUSER NOBYPASSRLS;"
              + " ALTER DATABASE … OWNER TO rookery;");
    }
  }

  @Override
  public <T> T write(OrgId org, Function<Tx, T> work) {
    return transact(new Scope(org.value(), "org", false), work);
  }

  @Override
  public <T> T read(OrgId org, Function<Tx, T> work) {
    return transact(new Scope(org.value(), "org", true), work);
  }

  @Override
  public <T> T writeAcrossOrgs(Function<Tx, T> work) {
    return transact(new Scope("", "system", false), work);
  }

  @Override
  public <T> T readAcrossOrgs(Function<Tx, T> work) {
    return transact(new Scope("", "system", true), work);
  }

  private <T> T transact(Scope scope, Function<Tx, T> work) {
    if (pool.isClosed()) {
      throw new StorageUnavailable("The database is closed.", null);
    }
    for (int attempt = 1; ; attempt++) {
      Tx[] opened = new Tx[1];
      try {
        return once(scope, work, opened);
      } catch (RuntimeException e) {
        boolean nothingDone = scope.readOnly() || opened[0] == null;
        boolean again = SqlErrors.conflict(e) || (nothingDone && reconnected(e));
        if (attempt > RETRIES || !again) {
          throw SqlErrors.classify(e);
        }
      }
    }
  }

  /**
   * After a restart of the server the pool still holds connections to the old one. They are given
   * up together; what had not written yet may run again on a new one.
   */
  private boolean reconnected(RuntimeException error) {
    if (!SqlErrors.connectionLost(error)) {
      return false;
    }
    pool.getHikariPoolMXBean().softEvictConnections();
    return true;
  }

  private <T> T once(Scope scope, Function<Tx, T> work, Tx[] opened) {
    awaitTurn();
    T result;
    try {
      result =
          jdbi.inTransaction(
              handle -> {
                Tx tx = new Tx(handle, Dialect.POSTGRESQL, enter(handle, scope), Acting.now());
                opened[0] = tx;
                T value = work.apply(tx);
                tx.runAtCommit();
                return value;
              });
    } finally {
      turns.release();
    }
    opened[0].runAfterCommit();
    return result;
  }

  private void awaitTurn() {
    try {
      if (!turns.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
        throw new StorageUnavailable("The database is overloaded; try again.", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable("Interrupted while waiting for the database.", e);
    }
  }

  private long enter(Handle handle, Scope scope) {
    if (scope.readOnly()) {
      handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    }
    long now =
        handle
            .createQuery(ENTER)
            .bind("org", scope.org())
            .bind("scope", scope.name())
            .map((row, _) -> row.getLong("now"))
            .one();
    return testClock == null ? now : testClock.millis();
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void close() {
    pool.close();
  }

  /** Which rows a transaction may see, and whether it may change them. */
  private record Scope(String org, String name, boolean readOnly) {}
}
