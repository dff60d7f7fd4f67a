package dev.rookery.occurrences;

import dev.rookery.ops.Loop;
import java.time.Duration;
import java.util.List;

/** What moves on a node: the look at the clock, the gathering of results, and the reconciler. */
public final class Clockwork implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RESULTS = Duration.ofSeconds(1);
  private static final Duration RECONCILE = Duration.ofSeconds(30);
  private final Loop clock;
  private final Loop results;
  private final Loop reconciler;

  Clockwork(Ticker ticker, Settling settling, Reconciler reconciler) {
    this.clock = Loop.start("schedule-clock", POLL, ticker::round);
    this.results = Loop.start("schedule-results", RESULTS, settling::round);
    this.reconciler =
        Loop.start(
            "schedule-reconciler",
            RECONCILE,
            () -> {
              reconciler.round();
              return false;
            });
  }

  void wake() {
    clock.wake();
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(clock, results, reconciler);
  }

  @Override
  public void close() {
    clock.close();
    results.close();
    reconciler.close();
  }
}
