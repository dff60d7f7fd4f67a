package dev.rookery.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Classifies database errors once: unavailable, conflict, or a bug. */
final class SqlErrors {
  private SqlErrors() {}

  /** The same error, or {@link StorageUnavailable} when waiting may help. */
  static RuntimeException classify(RuntimeException error) {
    SQLException cause = sqlCause(error);
    if (cause == null) {
      return error;
    }
    String why = unavailable(cause);
    return why == null ? error : new StorageUnavailable(why, cause);
  }

  /**
   * Whether PostgreSQL chose this transaction as the loser of a conflict, so that it may simply run
   * again.
   */
  static boolean conflict(RuntimeException error) {
    SQLException cause = sqlCause(error);
    return cause != null
        && ("40001".equals(cause.getSQLState()) || "40P01".equals(cause.getSQLState()));
  }

  /**
   * Whether a connection broke in use. Not when none could be had: who waited for that in vain need
   * not wait again.
   */
  static boolean connectionLost(RuntimeException error) {
    SQLException cause = sqlCause(error);
    return cause != null
        && !(cause instanceof SQLTransientException)
        && lost(Objects.requireNonNullElse(cause.getSQLState(), ""));
  }

  private static boolean lost(String state) {
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static @Nullable String unavailable(SQLException cause) {
    if (cause instanceof SQLiteException sqlite) {
      return unavailable(sqlite.getResultCode());
    }
    String state = cause.getSQLState() == null ? "" : cause.getSQLState();
    if (state.startsWith("53")) {
      return "The database is out of resources (" + state + "): " + cause.getMessage();
    }
    if (lost(state) || cause instanceof SQLTransientException) {
      return "The database cannot be reached; it is tried again.";
    }
    return null;
  }

  private static @Nullable String unavailable(SQLiteErrorCode code) {
    return switch (code.code & 0xff) {
      case 13 -> "The disk of the data directory is full; free some space, nothing is lost.";
      case 10 -> "The disk of the data directory cannot be read or written (" + code + ").";
      case 5, 6 -> "The database file is locked by another process.";
      case 8 -> "The database file is read-only.";
      default -> null;
    };
  }

  private static @Nullable SQLException sqlCause(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
