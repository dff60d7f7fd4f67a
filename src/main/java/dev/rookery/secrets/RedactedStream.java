package dev.rookery.secrets;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Redacts while it is read. Holds back only what may be the beginning of a value. */
final class RedactedStream extends FilterInputStream {
  private static final int CHUNK = 16_384;

  private final SecretPatterns patterns;
  private byte[] held = new byte[2 * CHUNK];
  private int count;
  private byte[] ready = new byte[0];
  private int given;
  private boolean ended;

  RedactedStream(InputStream in, SecretPatterns patterns) {
    super(in);
    this.patterns = patterns;
  }

  @Override
  public int read() throws IOException {
    return refill() ? ready[given++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!refill()) {
      return -1;
    }
    int copied = Math.min(length, ready.length - given);
    System.arraycopy(ready, given, bytes, offset, copied);
    given += copied;
    return copied;
  }

  private boolean refill() throws IOException {
    while (given == ready.length) {
      if (ended) {
        return false;
      }
      if (held.length - count < CHUNK) {
        held = java.util.Arrays.copyOf(held, held.length * 2);
      }
      int read = in.read(held, count, CHUNK);
      ended = read < 0;
      count += Math.max(read, 0);
      ByteArrayOutputStream clean = new ByteArrayOutputStream(count);
      int done = patterns.copy(held, count, ended, clean);
      count -= done;
      System.arraycopy(held, done, held, 0, count);
      ready = clean.toByteArray();
      given = 0;
    }
    return true;
  }

  @Override
  public long skip(long bytes) throws IOException {
    return readNBytes((int) Math.min(bytes, CHUNK)).length;
  }

  @Override
  public int available() {
    return ready.length - given;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
