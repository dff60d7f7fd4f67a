package dev.rookery.runs;

import dev.rookery.tools.Tool;
import java.nio.charset.StandardCharsets;

/** What the model is shown of a tool's answer: all of it, or its end with a note (spec 03). */
final class Shown {
  private static final int MOST = 64 << 10;

  private Shown() {}

  static Tool.ToolResult of(Tool.ToolResult result) {
    byte[] bytes = result.text().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST) {
      return result;
    }
    int from = bytes.length - MOST;
    while ((bytes[from] & 0xc0) == 0x80) {
      from++;
    }
    String note =
        "[The first %,d of %,d bytes are left out; ask for less at once.]\n"
            .formatted(from, bytes.length);
    return new Tool.ToolResult(
        note + new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8),
        result.error());
  }
}
