package dev.rookery.tools;

import dev.rookery.kernel.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads the first mebibyte of an answer. */
final class CappedBody {
  static final int READ = 1024 * 1024;
  static final int SHOWN = 64 * 1024;

  private CappedBody() {}

  /** At most one byte more than {@link #READ}, which shows that there was more. */
  static Body read(InputStream in) throws IOException {
    return Body.of(in.readNBytes(READ + 1));
  }

  /** The text of a response, as much of it as a model is shown, with a note where it was cut. */
  record Body(String text) {

    static Body of(byte[] bytes) {
      if (bytes.length <= SHOWN) {
        return new Body(decode(bytes, bytes.length));
      }
      String size = bytes.length > READ ? "more than 1 MiB" : bytes.length + " bytes";
      return new Body(
          decode(bytes, wholeCharacters(bytes, SHOWN))
              + "\n[cut: the first 64 KiB of "
              + size
              + " are shown]");
    }

    /** The largest end, at most {@code max}, that does not lie inside a UTF-8 sequence. */
    private static int wholeCharacters(byte[] bytes, int max) {
      int end = max;
      while (end > max - 4 && (bytes[end] & 0xc0) == 0x80) {
        end--;
      }
      return end;
    }

    private static String decode(byte[] bytes, int end) {
      return Text.clean(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }
  }
}
