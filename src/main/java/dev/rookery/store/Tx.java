package dev.rookery.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** One transaction in progress. Not to be kept after the unit of work returned. */
public final class Tx {
  private final Handle handle;
  private final Dialect dialect;
  private final long now;
  private final Map<Object, Object> attachments = new HashMap<>();
  private final List<Runnable> atCommit = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(Handle handle, Dialect dialect, long now) {
    this.handle = handle;
    this.dialect = dialect;
    this.now = now;
  }

  /** For {@code *Store} classes only. */
  public Handle handle() {
    return handle;
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The database's clock at the start of the transaction, epoch milliseconds. */
  public long now() {
    return now;
  }

  /**
   * Something a room collects during this transaction, made on first use. The key belongs to that
   * room.
   */
  @SuppressWarnings("unchecked")
  public <T> T attachment(Object key, Supplier<T> make) {
    return (T) attachments.computeIfAbsent(key, _ -> make.get());
  }

  /**
   * Runs as the last statements of the transaction, so that what it locks is held as briefly as can
   * be.
   */
  public void atCommit(Runnable action) {
    atCommit.add(action);
  }

  /**
   * Runs once, after the transaction is durable; never when it failed. Must be quick and must not
   * throw.
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void runAtCommit() {
    for (Runnable action : atCommit) {
      action.run();
    }
  }

  List<Runnable> afterCommitActions() {
    return afterCommit;
  }
}
