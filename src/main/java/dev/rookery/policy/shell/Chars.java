package dev.rookery.policy.shell;

/** The characters of a script; a backslash before a newline joins lines (POSIX 2.2.1). */
final class Chars {
  /** After the last character. A noncharacter, which a readable line never holds. */
  static final char END = '\uFFFE';

  private static final int LONGEST_KEYWORD = 8;

  private final String text;
  private int at;

  Chars(String text) {
    this.text = text;
  }

  char peek() {
    at = joined(at);
    return charAt(at);
  }

  /** The character so many places further. */
  char peek(int further) {
    int i = joined(at);
    for (int n = 0; n < further; n++) {
      i = joined(Math.min(i + 1, text.length()));
    }
    return charAt(i);
  }

  char next() {
    char c = peek();
    at = Math.min(at + 1, text.length());
    return c;
  }

  /** The next character as it is written, also a backslash before a newline. */
  char raw() {
    char c = charAt(at);
    at = Math.min(at + 1, text.length());
    return c;
  }

  private int joined(int from) {
    int i = from;
    while (charAt(i) == '\\' && charAt(i + 1) == '\n') {
      i += 2;
    }
    return i;
  }

  private char charAt(int i) {
    return i < text.length() ? text.charAt(i) : END;
  }

  /** Goes past the text if it is what comes next. */
  boolean take(String wanted) {
    for (int i = 0; i < wanted.length(); i++) {
      if (peek(i) != wanted.charAt(i)) {
        return false;
      }
    }
    for (int i = 0; i < wanted.length(); i++) {
      next();
    }
    return true;
  }

  /**
   * The word of letters and brackets that comes next, as keywords are; empty when it is another.
   */
  String bareWord() {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= LONGEST_KEYWORD; i++) {
      char c = peek(i);
      if ((c >= 'a' && c <= 'z') || "!{}[]-".indexOf(c) >= 0) {
        word.append(c);
      } else {
        boolean over = " \t\n;&|()<>".indexOf(c) >= 0 || c == END;
        return over ? word.toString() : "";
      }
    }
    return "";
  }

  void blanks() {
    while (peek() == ' ' || peek() == '\t') {
      next();
    }
  }

  /** Up to the end of the line; a backslash joins no lines here. */
  void comment() {
    while (charAt(at) != '\n' && at < text.length()) {
      at++;
    }
  }

  /** The rest of the line as it is written, and past its end. */
  String line() {
    int start = at;
    comment();
    String line = text.substring(start, at);
    raw();
    return line;
  }

  boolean atEnd() {
    return peek() == END;
  }

  int mark() {
    return at;
  }

  void back(int mark) {
    at = mark;
  }

  String since(int mark) {
    String written = text.substring(Math.min(mark, at), at);
    return written.indexOf("\\\n") < 0 ? written : written.replace("\\\n", "");
  }
}
