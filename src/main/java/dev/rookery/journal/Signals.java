package dev.rookery.journal;

import dev.rookery.kernel.OrgId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those who wait for an organization's next commit. A hint only: the table is the truth. */
public final class Signals {
  private static final Duration POLL = Duration.ofSeconds(1);
  private final ConcurrentHashMap<OrgId, Bell> bells = new ConcurrentHashMap<>();

  Signals() {}

  void raise(OrgId org) {
    Bell bell = bells.get(org);
    if (bell != null) {
      bell.ring();
    }
  }

  long current(OrgId org) {
    return bell(org).current();
  }

  void awaitChange(OrgId org, long seen, Duration patience) throws InterruptedException {
    bell(org).awaitChange(seen, patience.compareTo(POLL) < 0 ? patience : POLL);
  }

  Subscription subscribe(OrgId org, Runnable action) {
    Bell bell = bell(org);
    bell.listeners.add(action);
    return () -> bell.listeners.remove(action);
  }

  private Bell bell(OrgId org) {
    return bells.computeIfAbsent(org, _ -> new Bell());
  }

  /** Ends a subscription. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long count;

    void ring() {
      lock.lock();
      try {
        count++;
        rung.signalAll();
      } finally {
        lock.unlock();
      }
      listeners.forEach(Runnable::run);
    }

    long current() {
      lock.lock();
      try {
        return count;
      } finally {
        lock.unlock();
      }
    }

    void awaitChange(long seen, Duration patience) throws InterruptedException {
      long left = patience.toNanos();
      lock.lock();
      try {
        while (count == seen && left > 0) {
          left = rung.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
