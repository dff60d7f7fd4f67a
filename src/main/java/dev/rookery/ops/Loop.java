package dev.rookery.ops;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background loop: runs its work again whenever it is woken, and at least once per interval. An
 * error is logged and counted, and the loop keeps running; after errors it pauses, longer each
 * time, up to five seconds.
 */
public final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final long MAX_PAUSE_MILLIS = 5_000;

  private final String name;
  private final Duration interval;
  private final Work work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final AtomicLong errors = new AtomicLong();
  private final Thread thread;
  private boolean wake;
  private boolean closed;
  private int failuresInARow;

  /** One round. Returns true when there may be more to do at once. */
  public interface Work {
    boolean round() throws InterruptedException;
  }

  private Loop(String name, Duration interval, Work work) {
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  public static Loop start(String name, Duration interval, Work work) {
    Loop loop = new Loop(name, interval, work);
    loop.thread.start();
    return loop;
  }

  /** Asks for a round soon. Cheap, from any thread. */
  public void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  public String name() {
    return name;
  }

  /** False once its thread ended, which is a fault unless it was closed. */
  public boolean alive() {
    return thread.isAlive();
  }

  /** Rounds that ended with an error since the start. */
  public long errors() {
    return errors.get();
  }

  private void run() {
    boolean more = true;
    while (!closed()) {
      try {
        if (!more) {
          await(interval.toMillis());
        }
        more = !closed() && work.round();
        failuresInARow = 0;
      } catch (InterruptedException e) {
        log.debug("{} interrupted; it stops when it is closed", name);
      } catch (RuntimeException | Error e) {
        more = afterError(e);
      }
    }
  }

  private boolean afterError(Throwable error) {
    errors.incrementAndGet();
    failuresInARow++;
    long pause = Math.min(MAX_PAUSE_MILLIS, 50L << Math.min(failuresInARow, 10));
    log.warn("{} failed {} times in a row; next try in {} ms", name, failuresInARow, pause, error);
    try {
      await(pause);
    } catch (InterruptedException e) {
      log.debug("{} interrupted while pausing", name);
    }
    return true;
  }

  private void await(long millis) throws InterruptedException {
    long left = Duration.ofMillis(millis).toNanos();
    lock.lock();
    try {
      while (!wake && !closed && left > 0) {
        left = woken.awaitNanos(left);
      }
      wake = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the round that is under way. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
