package dev.rookery.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps the last bytes of what a command writes, for a model, however much it is. */
public final class OutputTail implements OutputSink {
  private final byte[] ring;
  private long total;

  /** Keeps so many bytes. */
  public OutputTail(int bytes) {
    this.ring = new byte[bytes];
  }

  @Override
  public synchronized void write(byte[] bytes, int length) {
    int from = Math.max(0, length - ring.length);
    total += from;
    for (int done = from; done < length; ) {
      int at = (int) (total % ring.length);
      int fits = Math.min(length - done, ring.length - at);
      System.arraycopy(bytes, done, ring, at, fits);
      done += fits;
      total += fits;
    }
  }

  /** How much was written in all. */
  public synchronized long total() {
    return total;
  }

  /** Cleaned text, after a note when something before it is missing. */
  public synchronized String text() {
    if (total <= ring.length) {
      return TerminalText.clean(Arrays.copyOf(ring, (int) total));
    }
    int at = (int) (total % ring.length);
    byte[] ordered = new byte[ring.length];
    System.arraycopy(ring, at, ordered, 0, ring.length - at);
    System.arraycopy(ring, 0, ordered, ring.length - at, at);
    return tail(ordered, total);
  }

  /** As {@link #text} for bytes that are the end of a longer output. */
  public static String tail(byte[] end, long total) {
    if (total <= end.length) {
      return TerminalText.clean(end);
    }
    int start = TerminalText.startOfCharacter(end, 0);
    return "[%d bytes before this are left out]\n".formatted(total - end.length + start)
        + TerminalText.clean(new String(end, start, end.length - start, StandardCharsets.UTF_8));
  }
}
