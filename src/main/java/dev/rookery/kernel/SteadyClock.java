package dev.rookery.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Wall-clock time that a jump of the system clock cannot move by more than a little: it starts at
 * the wall clock and advances with the monotonic one, slewing towards the wall clock by at most 5 %
 * of elapsed time. Leases therefore survive a clock that is set forward or back.
 */
public final class SteadyClock implements InstantSource {
  private static final double MAX_SLEW = 0.05;
  private final InstantSource wall;
  private final LongSupplier nanos;
  private long lastNanos;
  private Instant last;

  public SteadyClock() {
    this(InstantSource.system(), System::nanoTime);
  }

  SteadyClock(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.lastNanos = nanos.getAsLong();
    this.last = wall.instant();
  }

  @Override
  public synchronized Instant instant() {
    long now = nanos.getAsLong();
    long elapsed = Math.max(0, now - lastNanos);
    lastNanos = now;
    Instant expected = last.plusNanos(elapsed);
    long limit = (long) (elapsed * MAX_SLEW);
    long off = clampedNanos(Duration.between(expected, wall.instant()));
    last = expected.plusNanos(Math.clamp(off, -limit, limit));
    return last;
  }

  private static long clampedNanos(Duration difference) {
    return Math.clamp(difference.toMillis(), -86_400_000L, 86_400_000L) * 1_000_000L;
  }
}
