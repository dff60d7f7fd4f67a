package dev.rookery.occurrences;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a time is due, with its jitter, and until when it is met in time. Pure. */
final class DueRules {
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(60);

  private DueRules() {}

  /**
   * Due from one instant on; met in time until the other, inclusive. That is always before the next
   * time, so that at most one time is due and at most the last one is met in time.
   */
  record Due(Instant at, Instant until) {}

  /**
   * @param seed of the schedule: the same seed and time give the same jitter
   * @param next the time after this one, or null
   */
  static Due due(long seed, Instant nominal, @Nullable Instant next, Duration jitter) {
    Duration half = next == null ? null : Duration.between(nominal, next).dividedBy(2);
    long span = half == null ? jitter.toMillis() : Math.min(jitter.toMillis(), half.toMillis());
    Instant at =
        span == 0
            ? nominal
            : nominal.plusMillis(Math.floorMod(mixed(seed ^ mixed(nominal.toEpochMilli())), span));
    Duration grace = half == null || half.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : half;
    return new Due(at, at.plus(grace));
  }

  /** The finaliser of SplitMix64: near times give unrelated numbers. */
  private static long mixed(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
