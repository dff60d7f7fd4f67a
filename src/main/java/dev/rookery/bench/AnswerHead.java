package dev.rookery.bench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** As much of HTTP/1.1 as it takes to see that a short answer with a length is complete. */
final class AnswerHead {
  private static final String LENGTH = "\ncontent-length:";

  private AnswerHead() {}

  static boolean complete(byte[] bytes, int count) {
    int body = bodyStart(bytes, count);
    return body > 0 && count >= body + contentLength(bytes, body);
  }

  private static int bodyStart(byte[] bytes, int count) {
    for (int i = 3; i < count; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(byte[] bytes, int headEnd) {
    String head = new String(bytes, 0, headEnd, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    if (at < 0) {
      throw new Mismatch("The server answered without a length.");
    }
    int end = head.indexOf('\r', at + LENGTH.length());
    return Integer.parseInt(head.substring(at + LENGTH.length(), end).strip());
  }
}
