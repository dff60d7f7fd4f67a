package dev.rookery.store;

import dev.rookery.kernel.Actor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One transaction in progress. Not to be kept after the unit of work returned. */
public final class Tx {
  private static final Logger log = LoggerFactory.getLogger(Tx.class);

  private final Handle handle;
  private final Dialect dialect;
  private final long now;
  private final Map<Object, Object> attachments = new HashMap<>();
  private final List<Runnable> atCommit = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private Actor actor;

  Tx(Handle handle, Dialect dialect, long now, Actor actor) {
    this.handle = handle;
    this.dialect = dialect;
    this.now = now;
    this.actor = actor;
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

  /** On whose behalf it runs; as said with {@link dev.rookery.kernel.Acting} where it began. */
  public Actor actor() {
    return actor;
  }

  /**
   * Does a part of the work for somebody of whom the transaction itself found out, such as who
   * wrote the message that it takes from a queue.
   */
  public <T> T as(Actor other, Supplier<T> work) {
    Actor before = actor;
    actor = other;
    try {
      return work.get();
    } finally {
      actor = before;
    }
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

  /** The commit stands whatever an action does, so a broken one is logged and stops nobody. */
  void runAfterCommit() {
    for (Runnable action : afterCommit) {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        log.error("an after-commit action failed; the commit stands", e);
      }
    }
  }
}
