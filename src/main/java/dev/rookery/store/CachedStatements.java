package dev.rookery.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the prepared statements of one SQLite connection: compiling them took a quarter of the
 * writer's time. The driver keeps none itself. One thread at a time, as is the connection.
 */
final class CachedStatements implements StatementBuilder {
  private static final int KEPT = 256;

  private final DefaultStatementBuilder plain = new DefaultStatementBuilder();
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(KEPT, 0.75f, true);

  /**
   * JDBI closes a statement by the text before it was parsed, so what was prepared is kept here.
   */
  private final IdentityHashMap<Statement, String> inUse = new IdentityHashMap<>();

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    PreparedStatement statement =
        kept != null && !kept.isClosed() ? kept : plain.create(connection, sql, context);
    inUse.put(statement, sql);
    return statement;
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    String prepared = inUse.remove(statement);
    if (prepared != null && statement instanceof PreparedStatement reused && reusable(reused)) {
      keep(prepared, reused);
    } else {
      plain.close(connection, sql, statement);
    }
  }

  /** The driver closes a statement that failed in a way that it cannot recover from. */
  private static boolean reusable(PreparedStatement statement) throws SQLException {
    if (statement.isClosed()) {
      return false;
    }
    statement.clearParameters();
    return true;
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    close(idle.put(sql, statement));
    if (idle.size() > KEPT) {
      var oldest = idle.entrySet().iterator();
      PreparedStatement dropped = oldest.next().getValue();
      oldest.remove();
      close(dropped);
    }
  }

  private static void close(@Nullable Statement statement) throws SQLException {
    if (statement != null) {
      statement.close();
    }
  }

  @Override
  public Statement create(Connection connection, StatementContext context) throws SQLException {
    return plain.create(connection, context);
  }

  @Override
  public CallableStatement createCall(Connection connection, String sql, StatementContext context)
      throws SQLException {
    return plain.createCall(connection, sql, context);
  }

  @Override
  public void close(Connection connection) {
    idle.values().forEach(CachedStatements::closeQuietly);
    idle.clear();
  }

  private static void closeQuietly(Statement statement) {
    try {
      statement.close();
    } catch (SQLException _) {
      // The connection goes away, and its statements with it.
    }
  }
}
