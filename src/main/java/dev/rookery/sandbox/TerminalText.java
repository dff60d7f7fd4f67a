package dev.rookery.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a command wrote, as a model may read it: no terminal escapes, no other control characters,
 * no invalid UTF-8. Pure.
 */
public final class TerminalText {
  /** CSI, OSC and the other strings up to their end, and the short sequences (ECMA-48). */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]?"
              + "|(?:\u001b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u001b\u0007\u009c]*+(?:\u0007|\u009c|\u001b\\\\)?"
              + "|\u001b[ -/]*[0-~]?");

  private static final Pattern CONTROLS =
      Pattern.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]");

  /** Marks that turn text around or hide in it, with which one command can be shown as another. */
  private static final Pattern TRICKS =
      Pattern.compile(
          "[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]");

  private TerminalText() {}

  /** The text; what is no UTF-8 is replaced by U+FFFD. */
  public static String clean(byte[] bytes) {
    return clean(new String(bytes, StandardCharsets.UTF_8));
  }

  /** A line that was written over and over, as progress bars are, shows as it stood last. */
  public static String clean(String text) {
    String plain = ESCAPES.matcher(text).replaceAll("").replace("\r\n", "\n");
    StringBuilder lines = new StringBuilder(plain.length());
    int start = 0;
    while (start <= plain.length()) {
      int end = plain.indexOf('\n', start);
      String line = plain.substring(start, end < 0 ? plain.length() : end);
      int last = line.stripTrailing().lastIndexOf('\r');
      lines.append(line, last + 1, line.length());
      if (end < 0) {
        break;
      }
      lines.append('\n');
      start = end + 1;
    }
    String controlled = CONTROLS.matcher(lines.toString().replace("\r", "")).replaceAll("");
    return TRICKS.matcher(controlled).replaceAll("\ufffd");
  }

  /** The last bytes without a character that was cut in two at the front. */
  static int startOfCharacter(byte[] bytes, int from) {
    int start = from;
    while (start < bytes.length && start < from + 3 && (bytes[start] & 0xc0) == 0x80) {
      start++;
    }
    return start;
  }
}
