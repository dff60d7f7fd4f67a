package dev.rookery.store;

import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a SQLite file. Transactions that wait while a commit is being synced to disk go
 * into the next commit together, each in its own savepoint; none is answered before the commit that
 * holds it is durable. A platform thread, because native calls would pin a virtual one.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int QUEUE = 8192;
  private static final int MAX_GROUP = 512;
  private static final int OFFER_SECONDS = 10;

  private final Handle handle;
  private final SqliteTransaction transaction;
  private final LongSupplier clock;
  private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  private volatile boolean closed;

  GroupCommit(Handle handle, LongSupplier clock) {
    this.handle = handle;
    this.transaction = new SqliteTransaction(handle);
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("sqlite-writer").daemon(true).start(this::loop);
  }

  <T> T run(Function<Tx, T> work) {
    Pending<T> pending = new Pending<>(work, Acting.now());
    try {
      if (closed || !queue.offer(pending, OFFER_SECONDS, TimeUnit.SECONDS)) {
        throw new StorageUnavailable("The database is closed or overloaded; try again.", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable("Interrupted while waiting for the database.", e);
    }
    if (closed && queue.remove(pending)) {
      throw new StorageUnavailable("The database is closed.", null);
    }
    return pending.await();
  }

  private void loop() {
    List<Pending<?>> group = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        Pending<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group, MAX_GROUP - 1);
          commitTogether(group);
        }
      } catch (InterruptedException e) {
        log.debug("sqlite writer interrupted; it stops when it is closed");
      } finally {
        group.clear();
      }
    }
  }

  private void commitTogether(List<Pending<?>> group) {
    try {
      transaction.begin();
      for (Pending<?> pending : group) {
        pending.perform(handle, transaction, clock.getAsLong());
      }
      transaction.commit();
    } catch (RuntimeException e) {
      transaction.rollback();
      answerAlone(group, e);
      return;
    }
    group.forEach(Pending::answer);
  }

  /**
   * The group failed as a whole (disk full, say). Each is tried alone, so that one cannot fail
   * another.
   */
  private void answerAlone(List<Pending<?>> group, RuntimeException cause) {
    if (group.size() == 1) {
      group.getFirst().fail(cause);
      return;
    }
    for (Pending<?> pending : group) {
      pending.reset();
      commitTogether(List.of(pending));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    handle.close();
  }

  /** One caller's transaction and its answer. */
  private static final class Pending<T> {
    private final Function<Tx, T> work;
    private final Actor actor;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private Outcome<T> outcome = new Outcome.NotRun<>();

    Pending(Function<Tx, T> work, Actor actor) {
      this.work = work;
      this.actor = actor;
    }

    void reset() {
      outcome = new Outcome.NotRun<>();
    }

    @SuppressWarnings("NullAway") // a unit of work may return null when its caller asked for Void
    void perform(Handle handle, SqliteTransaction transaction, long now) {
      transaction.mark();
      Tx tx = new Tx(handle, Dialect.SQLITE, now, actor);
      try {
        T value = work.apply(tx);
        tx.runAtCommit();
        transaction.keep();
        outcome = new Outcome.Done<>(value, tx);
      } catch (RuntimeException e) {
        RuntimeException classified = SqlErrors.classify(e);
        if (classified instanceof StorageUnavailable) {
          throw classified; // SQLite may have rolled back everything, this savepoint included
        }
        transaction.undo();
        outcome = new Outcome.Refused<>(classified);
      } catch (Error e) {
        transaction.undo();
        outcome = new Outcome.Refused<>(new IllegalStateException("the unit of work broke", e));
      }
    }

    void answer() {
      switch (outcome) {
        case Outcome.Done<T>(var value, var tx) -> {
          tx.runAfterCommit();
          answer.complete(value);
        }
        case Outcome.Refused<T>(var error) -> answer.completeExceptionally(error);
        case Outcome.NotRun<T> _ ->
            answer.completeExceptionally(new IllegalStateException("not run"));
      }
    }

    void fail(RuntimeException cause) {
      answer.completeExceptionally(SqlErrors.classify(cause));
    }

    T await() {
      return Waiting.on(answer);
    }
  }

  private sealed interface Outcome<T> {
    record NotRun<T>() implements Outcome<T> {}

    record Done<T>(T value, Tx tx) implements Outcome<T> {}

    record Refused<T>(RuntimeException error) implements Outcome<T> {}
  }
}
