package dev.rookery.bench;

/** Millions of delays in little memory: counted by tenths of a millisecond. One thread adds. */
final class Delays {
  private static final int TENTHS = 600_000;
  private final int[] counts = new int[TENTHS];
  private long count;

  void add(long nanos) {
    counts[Math.clamp(nanos / 100_000, 0, TENTHS - 1)]++;
    count++;
  }

  long count() {
    return count;
  }

  /** The smallest delay that this share did not exceed, in milliseconds. */
  double millis(double share) {
    if (count == 0) {
      throw new Mismatch("No event was delivered.");
    }
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    int tenth = 0;
    while (tenth < TENTHS && seen + counts[tenth] < rank) {
      seen += counts[tenth];
      tenth++;
    }
    return (tenth + 1) / 10.0;
  }
}
