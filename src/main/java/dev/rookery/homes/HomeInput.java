package dev.rookery.homes;

import dev.rookery.posix.Fd;
import dev.rookery.posix.Posix;
import java.io.InputStream;
import java.util.Objects;

/** Reads a regular file, also one that somebody changes meanwhile. */
final class HomeInput extends InputStream {
  private final Fd file;
  private long offset;
  private boolean open = true;

  HomeInput(Fd file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int start, int length) {
    Objects.checkFromIndexSize(start, length, into.length);
    if (length == 0) {
      return 0;
    }
    int count = Posix.read(file, offset, into, start, length);
    offset += Math.max(count, 0);
    return count;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      file.close();
    }
  }
}
