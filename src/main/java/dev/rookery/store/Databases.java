package dev.rookery.store;

import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Opens databases and brings their schema up to date. */
public final class Databases {
  private Databases() {}

  /**
   * A SQLite file, made when it is not there. One process at a time; the data directory's lock sees
   * to that.
   */
  public static Database sqlite(Path file, InstantSource clock) {
    return new SqliteDatabase(file, clock);
  }

  /**
   * A PostgreSQL database (15 or newer).
   *
   * @throws StorageUnavailable when it does not answer
   * @throws dev.rookery.kernel.Refusal {@code role-bypasses-rls}
   */
  public static Database postgres(Postgres settings) {
    return new PostgresDatabase(settings, null);
  }

  /** As {@link #postgres(Postgres)}, with time from a settable clock; for tests. */
  public static Database postgres(Postgres settings, InstantSource clock) {
    return new PostgresDatabase(settings, clock);
  }

  /** How to reach PostgreSQL. User and password may also stand in the URL. */
  public record Postgres(
      String url, @Nullable String user, @Nullable String password, int poolSize) {
    @Override
    public String toString() {
      return "Postgres[" + url.replaceAll("\\?.*$", "") + "]";
    }
  }
}
