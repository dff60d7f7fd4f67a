package dev.rookery.store;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.TestClock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One database of a test, with its own clock. Opened when first used, dropped when closed. */
public final class TestDatabase implements AutoCloseable {
  private final Engine engine;
  private final TestClock clock;
  private final Supplier<Database> open;
  private final Runnable drop;
  private @Nullable Database database;

  TestDatabase(Engine engine, TestClock clock, Supplier<Database> open, Runnable drop) {
    this.engine = engine;
    this.clock = clock;
    this.open = open;
    this.drop = drop;
  }

  /** The test is skipped when this engine cannot run here. */
  public synchronized Database database() {
    Database opened = database == null ? open.get() : database;
    database = opened;
    return opened;
  }

  /** What a restart of the process sees. */
  public synchronized Database reopen() {
    if (database != null) {
      database.close();
      database = null;
    }
    return database();
  }

  /** The database's clock. */
  public TestClock clock() {
    return clock;
  }

  public Engine engine() {
    return engine;
  }

  /** A new, empty organization. */
  public OrgId newOrg() {
    OrgId org = OrgId.next();
    return database()
        .writeAcrossOrgs(
            tx -> {
              Rows.org(tx, org);
              return org;
            });
  }

  @Override
  public synchronized void close() {
    if (database != null) {
      database.close();
      database = null;
      drop.run();
    }
  }

  @Override
  public String toString() {
    return engine.name();
  }
}
