package dev.rookery.kernel;

/** Safe handling of text from outside: no lone surrogates, no NUL, no cut inside a character. */
public final class Text {
  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /**
   * The same text with lone surrogates and NUL replaced by U+FFFD, so that every store can hold it.
   */
  public static String clean(String text) {
    StringBuilder cleaned = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c) || c == '\0') {
        if (cleaned == null) {
          cleaned = new StringBuilder(text);
        }
        cleaned.setCharAt(i, REPLACEMENT);
      }
    }
    return cleaned == null ? text : cleaned.toString();
  }

  /**
   * At most {@code max} UTF-16 units, never cut inside a surrogate pair, with an ellipsis where
   * cut.
   */
  public static String brief(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    return cut(text, max - 1) + "…";
  }

  /**
   * The longest prefix of at most {@code max} UTF-16 units that does not split a surrogate pair.
   */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }
}
