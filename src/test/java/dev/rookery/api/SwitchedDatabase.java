package dev.rookery.api;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.util.function.Function;

/** A real database that a test can take away and give back. */
final class SwitchedDatabase implements Database {
  private final Database database;
  private volatile boolean away;

  SwitchedDatabase(Database database) {
    this.database = database;
  }

  void away(boolean now) {
    away = now;
  }

  private Database present() {
    if (away) {
      throw new StorageUnavailable("The database cannot be reached; it is tried again.", null);
    }
    return database;
  }

  @Override
  public <T> T write(OrgId org, Function<Tx, T> work) {
    return present().write(org, work);
  }

  @Override
  public <T> T read(OrgId org, Function<Tx, T> work) {
    return present().read(org, work);
  }

  @Override
  public <T> T writeAcrossOrgs(Function<Tx, T> work) {
    return present().writeAcrossOrgs(work);
  }

  @Override
  public <T> T readAcrossOrgs(Function<Tx, T> work) {
    return present().readAcrossOrgs(work);
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
    database.close();
  }
}
