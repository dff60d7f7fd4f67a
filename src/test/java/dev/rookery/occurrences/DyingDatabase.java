package dev.rookery.occurrences;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.util.Random;
import java.util.function.Function;

/** The database of a node that dies at random: within a transaction, or just after its commit. */
final class DyingDatabase implements Database {
  private final Database database;
  private final Random random;
  private final double deadly;

  DyingDatabase(Database database, long seed, double deadly) {
    this.database = database;
    this.random = new Random(seed);
    this.deadly = deadly;
  }

  private synchronized void mayDie() {
    if (random.nextDouble() < deadly) {
      throw new StorageUnavailable("killed", null);
    }
  }

  @Override
  public <T> T write(OrgId org, Function<Tx, T> work) {
    T result =
        database.write(
            org,
            tx -> {
              T value = work.apply(tx);
              mayDie();
              return value;
            });
    mayDie();
    return result;
  }

  @Override
  public <T> T read(OrgId org, Function<Tx, T> work) {
    return database.read(org, work);
  }

  @Override
  public <T> T writeAcrossOrgs(Function<Tx, T> work) {
    return database.writeAcrossOrgs(work);
  }

  @Override
  public <T> T readAcrossOrgs(Function<Tx, T> work) {
    return database.readAcrossOrgs(work);
  }

  @Override
  public Dialect dialect() {
    return database.dialect();
  }

  @Override
  public String describe() {
    return database.describe();
  }

  @Override
  public void close() {
    // the test's own
  }
}
