package dev.rookery.store;

import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.OrgId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.sqlite.SQLiteConfig;

/**
 * The embedded store: one file in WAL mode, every commit synced, one writer with group commit, a
 * few readers. The database clock is the process's steady clock, as there is one process.
 */
final class SqliteDatabase implements Database {
  private static final int READERS = 3;
  private static final int CACHE_KIB = 8 * 1024;

  private final Path file;
  private final InstantSource clock;
  private final GroupCommit writer;
  private final ExecutorService readers;
  private final BlockingQueue<Reader> idle = new LinkedBlockingQueue<>();

  SqliteDatabase(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    Handle write = open(false);
    try {
      Migrations.run(write, Dialect.SQLITE, clock.millis());
    } catch (RuntimeException e) {
      write.close();
      throw e;
    }
    this.writer = new GroupCommit(write, clock::millis);
    for (int i = 0; i < READERS; i++) {
      idle.add(new Reader(open(true)));
    }
    this.readers =
        Executors.newFixedThreadPool(
            READERS, Thread.ofPlatform().name("sqlite-reader-", 0).daemon(true).factory());
  }

  @Override
  public <T> T write(OrgId org, Function<Tx, T> work) {
    return writer.run(work);
  }

  @Override
  public <T> T read(OrgId org, Function<Tx, T> work) {
    return readAcrossOrgs(work);
  }

  @Override
  public <T> T writeAcrossOrgs(Function<Tx, T> work) {
    return writer.run(work);
  }

  @Override
  public <T> T readAcrossOrgs(Function<Tx, T> work) {
    Actor actor = Acting.now();
    try {
      return Waiting.on(CompletableFuture.supplyAsync(() -> snapshot(work, actor), readers));
    } catch (RejectedExecutionException e) {
      throw new StorageUnavailable("The database is closed.", e);
    }
  }

  /** A connection that reads, and its transactions. */
  private record Reader(Handle handle, SqliteTransaction transaction) {
    Reader(Handle handle) {
      this(handle, new SqliteTransaction(handle));
    }
  }

  private <T> T snapshot(Function<Tx, T> work, Actor actor) {
    Reader reader = idle.remove();
    try {
      reader.transaction().begin();
      T result = work.apply(new Tx(reader.handle(), Dialect.SQLITE, clock.millis(), actor));
      reader.transaction().commit();
      return result;
    } catch (RuntimeException e) {
      reader.transaction().rollback();
      throw SqlErrors.classify(e);
    } catch (Error e) {
      reader.transaction().rollback();
      throw e;
    } finally {
      idle.add(reader);
    }
  }

  private Handle open(boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(5_000);
    config.enforceForeignKeys(true);
    config.setCacheSize(-CACHE_KIB);
    config.setTransactionMode(
        readOnly ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setGetGeneratedKeys(false);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      CachedStatements statements = new CachedStatements();
      Handle handle =
          Jdbi.create(connection)
              .registerArgument(new PlainArguments())
              .configure(SqlStatements.class, c -> c.setTemplateEngine(new PlainTemplates()))
              .setStatementBuilderFactory(_ -> statements)
              .open();
      if (readOnly) {
        handle.execute("PRAGMA query_only = 1");
      }
      return handle;
    } catch (SQLException e) {
      throw new StorageUnavailable(
          "The database file " + file + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public String describe() {
    return "SQLite " + file;
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
    idle.forEach(reader -> reader.handle().close());
  }
}
