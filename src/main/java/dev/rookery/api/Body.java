package dev.rookery.api;

import dev.rookery.kernel.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads request bodies, never more of them than allowed, whatever their headers promise. */
final class Body {
  static final int LIMIT = 1 << 20;
  private static final int CHUNK = 16_384;
  private static final int DRAINED = 4 << 20;

  private Body() {}

  /**
   * Of a body that is too large some more is taken and thrown away: a sender that still writes when
   * the connection closes would never see the answer.
   *
   * @param declared Content-Length, or less than 0 when there is none (chunked)
   * @throws Refusal {@code body-too-large}
   * @throws Problem.Thrown {@code body-incomplete} when the sender stopped half-way
   */
  static byte[] read(InputStream in, long declared, int limit) {
    try {
      if (declared > limit) {
        var _ = in.skip(Math.min(declared, DRAINED));
        throw tooLarge(limit);
      }
      if (declared >= 0) {
        return whole(in, (int) declared);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        bytes.write(chunk, 0, count);
        if (bytes.size() > limit) {
          var _ = in.skip(Math.min(in.available(), DRAINED));
          throw tooLarge(limit);
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw incomplete();
    }
  }

  private static byte[] whole(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw incomplete();
    }
    return bytes;
  }

  private static Problem.Thrown incomplete() {
    return new Problem.Thrown(400, "body-incomplete", "The body ended early; nothing was done.");
  }

  private static Refusal tooLarge(int limit) {
    return new Refusal(
        Refusal.Kind.TOO_LARGE,
        "body-too-large",
        "The body is larger than " + limit + " bytes; nothing was done.");
  }

  /**
   * @throws Problem.Thrown {@code unsupported-media-type}
   */
  static void requireJson(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    String bare = (end < 0 ? type : type.substring(0, end)).strip();
    String parameters = end < 0 ? "" : type.substring(end + 1).replace("\"", "").strip();
    boolean utf8 = parameters.isEmpty() || parameters.equals("charset=utf-8");
    if (!bare.equals("application/json") || !utf8) {
      throw new Problem.Thrown(
          415,
          "unsupported-media-type",
          "Send the body as Content-Type: application/json (UTF-8).");
    }
  }
}
