package dev.rookery.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions of one SQLite connection. The driver must know of them: in auto-commit mode it tries
 * a BEGIN of its own after each statement.
 */
final class SqliteTransaction {
  private static final Logger log = LoggerFactory.getLogger(SqliteTransaction.class);
  private final Connection connection;
  private final Map<String, PreparedStatement> kept = new HashMap<>();

  SqliteTransaction(Handle handle) {
    this.connection = handle.getConnection();
  }

  /** As the connection's transaction mode says: immediate for the writer, deferred for readers. */
  void begin() {
    autoCommit(false);
  }

  void commit() {
    autoCommit(true);
  }

  /** What follows can be undone without undoing the transaction, by {@link #undo}. */
  void mark() {
    execute("SAVEPOINT work");
  }

  /** What followed the mark stays. */
  void keep() {
    execute("RELEASE work");
  }

  /** What followed the mark is undone. */
  void undo() {
    execute("ROLLBACK TO work");
    execute("RELEASE work");
  }

  private void execute(String sql) {
    try {
      PreparedStatement statement = kept.get(sql);
      if (statement == null || statement.isClosed()) {
        statement = connection.prepareStatement(sql);
        kept.put(sql, statement);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  private void autoCommit(boolean on) {
    try {
      connection.setAutoCommit(on);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** After any failure, also of begin or commit; ends in auto-commit mode. */
  void rollback() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      log.debug("nothing to roll back: SQLite already did", e);
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      log.debug("the driver's own commit found nothing, as it should", e);
    }
  }

  /** Carries the driver's error to where errors are classified. */
  private static final class SqlFailure extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SqlFailure(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
