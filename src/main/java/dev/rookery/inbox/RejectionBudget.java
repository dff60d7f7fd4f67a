package dev.rookery.inbox;

import java.util.concurrent.ConcurrentHashMap;

/** At most a hundred recorded rejections per source and minute. */
final class RejectionBudget {
  private static final int PER_MINUTE = 100;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private final ConcurrentHashMap<String, Window> windows = new ConcurrentHashMap<>();

  private record Window(long start, int taken) {}

  boolean take(String source) {
    long now = System.nanoTime();
    Window window =
        windows.merge(
            source,
            new Window(now, 1),
            (old, _) ->
                now - old.start() > MINUTE_NANOS
                    ? new Window(now, 1)
                    : new Window(old.start(), old.taken() + 1));
    return window.taken() <= PER_MINUTE;
  }
}
