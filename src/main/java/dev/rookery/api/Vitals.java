package dev.rookery.api;

import java.util.List;

/** How this node fares, as only the composition root knows. Cheap, from any thread. */
public interface Vitals {
  /** Runs that this node works on now. */
  int activeRuns();

  /** The background loops without which nothing moves. */
  List<Pulse> loops();

  /**
   * One background loop.
   *
   * @param errors rounds that failed since the start
   */
  record Pulse(String name, boolean alive, long errors) {}
}
