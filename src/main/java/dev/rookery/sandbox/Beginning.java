package dev.rookery.sandbox;

import java.nio.charset.StandardCharsets;

/** Keeps the first words, which are the reason when nothing was started. */
final class Beginning implements OutputSink {
  private static final int KEPT = 400;
  private final OutputSink next;
  private final StringBuilder text = new StringBuilder();

  Beginning(OutputSink next) {
    this.next = next;
  }

  @Override
  public synchronized void write(byte[] bytes, int length) {
    int fits = Math.min(length, KEPT - text.length());
    if (fits > 0) {
      text.append(new String(bytes, 0, fits, StandardCharsets.ISO_8859_1));
    }
    next.write(bytes, length);
  }

  synchronized String text() {
    return text.toString();
  }
}
