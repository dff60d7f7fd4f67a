package dev.rookery.egress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Gives so many bytes and then fails, so that nobody takes a part for the whole. */
final class CappedStream extends FilterInputStream {
  private final long max;
  private long left;

  CappedStream(InputStream in, long max) {
    super(in);
    this.max = max;
    this.left = max;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = in.read(bytes, offset, (int) Math.min(length, left + 1));
    if (count > left) {
      throw new TooLong(max);
    }
    left -= Math.max(count, 0);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 8_192)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** There was more than the limit. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(long max) {
      super("the answer is longer than " + max + " bytes");
    }
  }
}
