package dev.rookery.bench;

import dev.rookery.kernel.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the head of an HTTP answer, whatever pieces it comes in. */
final class AnswerLine {
  private final String wanted;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
  private boolean complete;

  /**
   * @param wanted the status that the server must answer
   */
  AnswerLine(String wanted) {
    this.wanted = wanted;
  }

  /** True once the head was read; bytes after it are left. */
  boolean read(ByteBuffer bytes) {
    while (!complete && bytes.hasRemaining()) {
      head.write(bytes.get());
      complete = head.size() > 4 && endsHere();
    }
    return complete;
  }

  private boolean endsHere() {
    String text = head.toString(StandardCharsets.US_ASCII);
    boolean ends = text.endsWith("\r\n\r\n");
    if (ends && !text.startsWith("HTTP/1.1 " + wanted)) {
      throw new Mismatch("A subscriber was answered: " + Text.brief(text, 200));
    }
    return ends;
  }
}
