package dev.rookery.ops;

import java.util.concurrent.ConcurrentHashMap;

/** How often something may happen in a minute, per key, on this node. */
public final class PerMinute<K> {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private final int limit;
  private final ConcurrentHashMap<K, Window> windows = new ConcurrentHashMap<>();

  private record Window(long start, int taken) {}

  public PerMinute(int limit) {
    this.limit = limit;
  }

  public int limit() {
    return limit;
  }

  /** Whether this time is within the limit; each call counts. */
  public boolean take(K key) {
    long now = System.nanoTime();
    Window window =
        windows.merge(
            key,
            new Window(now, 1),
            (old, _) ->
                now - old.start() > MINUTE_NANOS
                    ? new Window(now, 1)
                    : new Window(old.start(), old.taken() + 1));
    return window.taken() <= limit;
  }
}
