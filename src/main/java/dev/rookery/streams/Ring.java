package dev.rookery.streams;

import java.util.List;

/**
 * The newest items of an organization, shared by all its readers. Holds every record after {@link
 * #base}, with the tokens between them. Its user guards it.
 */
final class Ring {
  private final Slot[] slots;
  private final long maxBytes;
  private long start;
  private long end;
  private long bytes;
  private long base;
  private long head;

  /**
   * @param base number of the last record that is not in it
   */
  Ring(int items, long maxBytes, long base) {
    this.slots = new Slot[items];
    this.maxBytes = maxBytes;
    this.base = base;
    this.head = base;
  }

  /** In order; records follow on {@link #head} without a gap. */
  void append(List<Slot> added) {
    for (Slot slot : added) {
      while (end - start == slots.length || (bytes + slot.weight() > maxBytes && end > start)) {
        dropOldest();
      }
      slots[index(end)] = slot;
      end++;
      bytes += slot.weight();
      head = slot.numbered() ? slot.seq() : head;
    }
  }

  @SuppressWarnings("NullAway") // the place is empty from here on
  private void dropOldest() {
    Slot oldest = at(start);
    slots[index(start)] = null;
    start++;
    bytes -= oldest.weight();
    base = oldest.numbered() ? oldest.seq() : base;
  }

  /** The position of the first item that came after the record of that number. */
  long after(long seq) {
    long low = start;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).seq() > seq) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  Slot at(long position) {
    return slots[index(position)];
  }

  private int index(long position) {
    return (int) (position % slots.length);
  }

  /** Position of the oldest item. */
  long start() {
    return start;
  }

  /** Position of the item that comes next. */
  long end() {
    return end;
  }

  long base() {
    return base;
  }

  /** Number of the newest record. */
  long head() {
    return head;
  }
}
