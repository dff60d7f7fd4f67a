package dev.rookery.streams;

import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.Principal;
import dev.rookery.store.StorageUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: a cursor that follows the ring, and the database where the ring does not reach.
 */
final class Reader implements Subscription {
  static final long DETACHED = -1;

  /** What one transaction records after the end of a run is at most so many records behind it. */
  private static final int EPILOGUE = 32;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Principal who;
  private final Scope scope;
  private final Pages pages;
  private final Consumer<Reader> onClose;
  private volatile @Nullable Fan fan;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Refusal ended;
  private volatile long seen;
  private volatile long finished;
  private boolean toldOver;

  /** Where it is in the ring. With the three below, guarded by the lock of the fan. */
  long position = DETACHED;

  /** Tokens before this position are stale for it. */
  long liveFrom;

  /** Whether it saw all that there is. */
  boolean caughtUp;

  /** Whether it is to be woken. */
  boolean waiting;

  Reader(Principal who, Scope scope, long after, Pages pages, Consumer<Reader> onClose) {
    this.who = who;
    this.scope = scope;
    this.seen = after;
    this.pages = pages;
    this.onClose = onClose;
  }

  Principal who() {
    return who;
  }

  void in(Fan home) {
    this.fan = home;
  }

  @Nullable Fan fan() {
    return fan;
  }

  boolean wants(Slot slot, long at) {
    return (slot.numbered() ? slot.seq() > seen : at >= liveFrom) && slot.in(scope);
  }

  void pass(Slot slot) {
    if (slot.numbered() && slot.seq() > seen) {
      seen = slot.seq();
      if (slot.ends(scope)) {
        finished = slot.seq();
      }
    }
  }

  @Override
  public List<Item> next(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    thread = Thread.currentThread();
    while (true) {
      refuseEnded();
      List<Item> items = home().take(this);
      if (items == null) {
        items = fromDatabase(deadline);
      }
      if (!items.isEmpty() || System.nanoTime() - deadline >= 0 || newlyOver()) {
        return items;
      }
      if (waiting) {
        await(deadline - System.nanoTime());
      }
    }
  }

  private Fan home() {
    Fan home = fan;
    if (home == null) {
      throw new IllegalStateException("a subscription was read before it was open");
    }
    return home;
  }

  /** Whoever goes on after the end waits as before. */
  private boolean newlyOver() {
    boolean now = over() && !toldOver;
    toldOver |= now;
    return now;
  }

  private void refuseEnded() {
    Refusal why = ended;
    if (why != null) {
      throw why;
    }
  }

  /**
   * One page of the past; empty when nothing in it belongs to the scope, or the database is away.
   */
  private List<Item> fromDatabase(long deadline) throws InterruptedException {
    List<Item> items = new ArrayList<>();
    try {
      List<Slot> page = pages.after(who.org(), seen);
      for (Slot slot : page) {
        if (wants(slot, DETACHED)) {
          items.add(slot.item());
        }
        pass(slot);
      }
      if (page.isEmpty()) {
        await(Math.min(PAUSE_NANOS, deadline - System.nanoTime()));
      }
    } catch (StorageUnavailable e) {
      await(Math.min(PAUSE_NANOS, deadline - System.nanoTime()));
    }
    return items;
  }

  private void await(long nanos) throws InterruptedException {
    if (nanos > 0 && ended == null) {
      LockSupport.parkNanos(this, nanos);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  /** From now on it is refused. */
  void end(Refusal why) {
    ended = why;
    wake();
  }

  @Override
  public long seen() {
    return seen;
  }

  @Override
  public boolean over() {
    return finished > 0 && (caughtUp || seen >= finished + EPILOGUE);
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
