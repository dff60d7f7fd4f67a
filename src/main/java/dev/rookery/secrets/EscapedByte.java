package dev.rookery.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One character as URLs ({@code %2F}), JSON ({@code \/}) or HTML (by name or number) escape it. */
final class EscapedByte {
  /** Of the longest escape: a hexadecimal number of HTML, with its four frame characters. */
  static final int LONGEST = 8;

  private static final Map<String, Integer> ENTITIES =
      Map.of("amp", 0x26, "lt", 0x3c, "gt", 0x3e, "quot", 0x22, "apos", 0x27);

  private EscapedByte() {}

  static boolean begins(byte b) {
    return b == '%' || b == '\\' || b == '&' || b == '+';
  }

  static int value(int escaped) {
    return escaped & 0xff;
  }

  static int length(int escaped) {
    return escaped >> 8;
  }

  /** Value and length of the escape here, for the two methods above; -1 when there is none. */
  static int read(byte[] bytes, int at, int end) {
    return switch (bytes[at]) {
      case '%' -> hex(bytes, at + 1, Math.min(at + 3, end), 2, 3);
      case '\\' -> backslash(bytes, at, end);
      case '&' -> entity(bytes, at, end);
      default -> -1;
    };
  }

  private static int backslash(byte[] bytes, int at, int end) {
    if (at + 1 >= end) {
      return -1;
    }
    return switch (bytes[at + 1]) {
      case 'u' -> hex(bytes, at + 2, Math.min(at + 6, end), 4, 6);
      case 'x' -> hex(bytes, at + 2, Math.min(at + 4, end), 2, 4);
      case '/', '"', '\\', '\'' -> packed(bytes[at + 1], 2);
      default -> -1;
    };
  }

  private static int entity(byte[] bytes, int at, int end) {
    if (at + 1 >= end || "#alqg".indexOf(bytes[at + 1]) < 0) {
      return -1;
    }
    int close = at + 1;
    while (close < end && close < at + LONGEST && bytes[close] != ';') {
      close++;
    }
    if (close >= end || bytes[close] != ';') {
      return -1;
    }
    int length = close + 1 - at;
    String name = new String(bytes, at + 1, close - at - 1, StandardCharsets.ISO_8859_1);
    try {
      if (name.startsWith("#x") || name.startsWith("#X")) {
        return packed(Integer.parseInt(name.substring(2), 16), length);
      }
      if (name.startsWith("#")) {
        return packed(Integer.parseInt(name.substring(1)), length);
      }
    } catch (NumberFormatException e) {
      return -1;
    }
    Integer value = ENTITIES.get(name);
    return value == null ? -1 : packed(value, length);
  }

  private static int hex(byte[] bytes, int from, int to, int digits, int length) {
    if (to - from != digits) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return packed(value, length);
  }

  /** Values are ASCII, so nothing greater is part of one. */
  private static int packed(int value, int length) {
    return value < 0 || value > 0x7f ? -1 : (length << 8) | value;
  }
}
