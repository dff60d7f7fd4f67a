package dev.rookery.store;

import dev.rookery.kernel.OrgId;
import java.util.function.Function;

/**
 * Transactions. Each runs on behalf of whom {@link dev.rookery.kernel.Acting} names on the calling
 * thread. A unit of work may be run again after a conflict, so it touches nothing but the {@link
 * Tx}.
 *
 * <p>Everything throws {@link StorageUnavailable} when the database cannot be reached or written
 * now.
 */
public interface Database extends AutoCloseable {
  /** Runs the work in one transaction of an organization; returns when its changes are durable. */
  <T> T write(OrgId org, Function<Tx, T> work);

  /** Runs the work against one consistent snapshot of an organization. */
  <T> T read(OrgId org, Function<Tx, T> work);

  /** As {@link #write}, across organizations; for the queue, migrations and sign-in only. */
  <T> T writeAcrossOrgs(Function<Tx, T> work);

  /** As {@link #read}, across organizations. */
  <T> T readAcrossOrgs(Function<Tx, T> work);

  Dialect dialect();

  /** Where the data is, for people; without credentials. */
  String describe();

  @Override
  void close();
}
