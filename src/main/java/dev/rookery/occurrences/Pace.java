package dev.rookery.occurrences;

/**
 * How fast a node makes up for what was missed: two at once, then one each half second, whatever
 * the schedule.
 */
final class Pace {
  private static final long EACH_MILLIS = 500;
  private static final int AT_ONCE = 2;
  private double places = AT_ONCE;
  private long seen;

  /** How many may go now. A clock that was set back gives nothing and takes nothing. */
  synchronized int places(long now) {
    long passed = Math.max(0, now - seen);
    seen = now;
    places = Math.min(AT_ONCE, places + (double) passed / EACH_MILLIS);
    return (int) places;
  }

  synchronized void take() {
    places--;
  }
}
