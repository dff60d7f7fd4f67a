package dev.rookery.homes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Cuts bytes into lines at LF. Of a very long line only the beginning is kept. */
final class LineReader implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final byte[] line;
  private final byte[] chunk = new byte[CHUNK];
  private int filled;
  private int next;
  private long consumed;

  LineReader(InputStream in, int longest) {
    this.in = in;
    this.line = new byte[longest];
  }

  /**
   * A line without its end.
   *
   * @param text what of it is kept; bytes that are no UTF-8 became U+FFFD
   * @param cut whether there was more
   */
  record Line(String text, boolean cut) {}

  /** Whether there is a NUL in the first 8 KiB, as in no text. */
  boolean looksBinary() {
    if (next == filled) {
      fill();
    }
    for (int i = 0; i < Math.min(filled, 8192); i++) {
      if (chunk[i] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Null at the end. */
  @Nullable Line next() {
    int length = 0;
    boolean any = false;
    boolean cut = false;
    while (next < filled || fill()) {
      any = true;
      int end = next;
      while (end < filled && chunk[end] != '\n') {
        end++;
      }
      int kept = Math.min(end - next, line.length - length);
      System.arraycopy(chunk, next, line, length, kept);
      length += kept;
      cut |= kept < end - next;
      boolean over = end < filled;
      next = over ? end + 1 : end;
      if (over) {
        break;
      }
    }
    return any ? line(length, cut) : null;
  }

  private Line line(int length, boolean cut) {
    int end = length;
    if (cut) {
      end = beforeSplit(length);
    } else if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    return new Line(new String(line, 0, end, StandardCharsets.UTF_8), cut);
  }

  /** The end of the last whole character. */
  private int beforeSplit(int length) {
    int start = length;
    while (start > 0 && length - start < 3 && (line[start - 1] & 0xc0) == 0x80) {
      start--;
    }
    boolean split = start > 0 && (line[start - 1] & 0xc0) == 0xc0;
    return split ? start - 1 : length;
  }

  /** Bytes handed out so far. */
  long position() {
    return consumed - (filled - next);
  }

  private boolean fill() {
    try {
      int count = in.read(chunk, 0, CHUNK);
      filled = Math.max(count, 0);
      next = 0;
      consumed += filled;
      return count > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
