package dev.rookery.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Holds a result until the database takes it. What was performed must be recorded, so a database
 * that is away for a while is waited for; the fence of the row tells afterwards whether it is still
 * ours.
 */
public final class Patience {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long MAX_PAUSE_MILLIS = 1_000;
  private final Duration atMost;

  public Patience(Duration atMost) {
    this.atMost = atMost;
  }

  /** Repeats while the database is away; the last {@link StorageUnavailable} when it stays away. */
  public <T> T untilStored(Supplier<T> commit) {
    long deadline = System.nanoTime() + atMost.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return commit.get();
      } catch (StorageUnavailable e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
        pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
      }
    }
  }
}
