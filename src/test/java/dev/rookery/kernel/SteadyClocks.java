package dev.rookery.kernel;

import java.time.InstantSource;

/** Steady clocks over a wall clock that tests set. */
public final class SteadyClocks {
  private SteadyClocks() {}

  /** Time goes on as in reality, whatever happens to the wall clock. */
  public static SteadyClock over(InstantSource wall) {
    return new SteadyClock(wall, System::nanoTime);
  }
}
