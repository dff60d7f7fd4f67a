package dev.rookery.runs;

import dev.rookery.store.StorageUnavailable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Holds a result until the database takes it. A step that was performed must be recorded, so a
 * database that is away for a while is waited for; the fence tells afterwards whether the run is
 * still ours.
 */
final class Patience {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long MAX_PAUSE_MILLIS = 1_000;
  private final Duration atMost;

  Patience(Duration atMost) {
    this.atMost = atMost;
  }

  <T> T untilStored(Supplier<T> commit) {
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
