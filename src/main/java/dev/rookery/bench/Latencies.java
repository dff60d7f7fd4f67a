package dev.rookery.bench;

import java.util.Arrays;

/** Times of many requests. One thread adds. */
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = time;
  }

  int count() {
    return count;
  }

  /** The smallest time that this share of requests did not exceed, in milliseconds. */
  double millis(double share) {
    if (count == 0) {
      throw new Mismatch("Nothing was measured.");
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * count) - 1;
    return sorted[Math.max(0, rank)] / 1e6;
  }
}
