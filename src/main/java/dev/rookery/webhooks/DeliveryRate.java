package dev.rookery.webhooks;

import dev.rookery.kernel.PolicyId;
import java.util.concurrent.ConcurrentHashMap;

/** How many deliveries of one webhook a node takes in a minute. */
final class DeliveryRate {
  static final int PER_MINUTE = 600;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private final ConcurrentHashMap<PolicyId, Window> windows = new ConcurrentHashMap<>();

  private record Window(long start, int taken) {}

  boolean take(PolicyId policy) {
    long now = System.nanoTime();
    Window window =
        windows.merge(
            policy,
            new Window(now, 1),
            (old, _) ->
                now - old.start() > MINUTE_NANOS
                    ? new Window(now, 1)
                    : new Window(old.start(), old.taken() + 1));
    return window.taken() <= PER_MINUTE;
  }
}
