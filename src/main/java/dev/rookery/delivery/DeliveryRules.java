package dev.rookery.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a message that was certainly not sent is tried again. Pure. */
final class DeliveryRules {
  static final int MAX_ATTEMPTS = 30;
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration CAP = Duration.ofMinutes(10);

  private DeliveryRules() {}

  static boolean spent(int attempts) {
    return attempts >= MAX_ATTEMPTS;
  }

  /**
   * What the channel asked for, else a doubling time; never sooner than asked.
   *
   * @param random in [0, 1), spreads what failed together
   */
  static Duration pause(int attempts, @Nullable Duration asked, double random) {
    long doubled = FIRST.toMillis() << Math.clamp(attempts - 1L, 0, 12);
    long full = Math.min(CAP.toMillis(), doubled);
    if (asked != null) {
      return asked.plusMillis((long) (250 * random));
    }
    return Duration.ofMillis(full / 2 + (long) (full / 2.0 * random));
  }
}
