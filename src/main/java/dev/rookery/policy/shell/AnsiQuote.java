package dev.rookery.policy.shell;

/** The text between {@code $'} and {@code '}, with the escapes of C (bash manual 3.1.2.4). */
final class AnsiQuote {
  private AnsiQuote() {}

  static void read(Chars in, Words.Draft draft) {
    for (char c = Words.ended(in.raw()); c != '\''; c = Words.ended(in.raw())) {
      if (c == '\\') {
        escape(in, draft);
      } else {
        draft.shape.append(c);
      }
    }
  }

  private static void escape(Chars in, Words.Draft draft) {
    char c = Words.ended(in.raw());
    switch (c) {
      case 'n' -> draft.shape.append('\n');
      case 't' -> draft.shape.append('\t');
      case '\\', '\'', '"', '?' -> draft.shape.append(c);
      case 'a', 'b', 'e', 'E', 'f', 'r', 'v', 'c' ->
          throw new Unreadable("it writes a control character");
      case 'x' -> code(in, draft, 16, 2, 0);
      case 'u' -> code(in, draft, 16, 4, 0);
      case 'U' -> code(in, draft, 16, 8, 0);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> code(in, draft, 8, 2, c - '0');
      default -> draft.shape.append('\\').append(c);
    }
  }

  /** Only ASCII is decoded: how bytes above it are read is the locale's choice. */
  private static void code(Chars in, Words.Draft draft, int radix, int digits, int start) {
    int value = start;
    for (int i = 0; i < digits && Character.digit(in.peek(), radix) >= 0; i++) {
      value = value * radix + Character.digit(in.raw(), radix);
      if (value > 0x7e) {
        throw new Unreadable("it writes a character by its code");
      }
    }
    if (value < ' ' && value != '\n' && value != '\t') {
      throw new Unreadable("it writes a control character");
    }
    draft.shape.append((char) value);
  }
}
