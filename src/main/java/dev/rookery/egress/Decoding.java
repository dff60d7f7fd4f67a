package dev.rookery.egress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Undoes the encoding of a body while it is read; what stays encoded could hide a secret. */
final class Decoding {
  private Decoding() {}

  static InputStream of(String encoding, InputStream raw) throws IOException {
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> raw;
      case "gzip", "x-gzip" -> new LateGzip(raw);
      case "deflate" -> new InflaterInputStream(raw);
      default -> throw new IOException("the answer has an encoding that was not asked for");
    };
  }

  /** Reads the gzip header with the first byte, so that an empty body is no failure. */
  private static final class LateGzip extends InputStream {
    private final java.io.PushbackInputStream raw;
    private InputStream plain = InputStream.nullInputStream();
    private boolean begun;

    LateGzip(InputStream raw) {
      this.raw = new java.io.PushbackInputStream(raw, 1);
    }

    private InputStream begun() throws IOException {
      if (!begun) {
        begun = true;
        int first = raw.read();
        if (first >= 0) {
          raw.unread(first);
          plain = new GZIPInputStream(raw, 8_192);
        }
      }
      return plain;
    }

    @Override
    public int read() throws IOException {
      return begun().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return begun().read(bytes, offset, length);
    }
  }
}
