package dev.rookery.activation;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The names a text calls by {@code @name}, folded for comparison. A name is a whole word: neither
 * {@code mail@rook.dev}, {@code @rook@host} nor {@code @rook-two} names {@code rook}. Scripts
 * written without spaces end a Latin name: {@code 你好@rookさん} names it.
 */
final class Mentions {
  private static final Set<UnicodeScript> SPACELESS =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private Mentions() {}

  /** All names called, each folded. Linear in the length of the text. */
  static Set<String> in(String text) {
    Set<String> names = new HashSet<>();
    String folded = fold(text);
    for (int at = folded.indexOf('@'); at >= 0; at = folded.indexOf('@', at + 1)) {
      int end = endOfName(folded, at + 1);
      boolean ofAnotherHost = end < folded.length() && folded.charAt(end) == '@';
      if (end > at + 1 && !ofAnotherHost && startsWord(folded, at)) {
        names.add(folded.substring(at + 1, end));
        names.add(folded.substring(at + 1, endOfSpacedScript(folded, at + 1, end)));
      }
    }
    return names;
  }

  /** One spelling for all cases and compatibility forms of a name. */
  static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFKC)
        .codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  /** The slash is for addresses such as {@code https://example.com/@rook}. */
  private static boolean startsWord(String text, int at) {
    if (at == 0) {
      return true;
    }
    int before = text.codePointBefore(at);
    return before != '/' && before != '@' && (!isWord(before) || isSpaceless(before));
  }

  private static int endOfName(String text, int start) {
    int end = start;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      boolean joins = (c == '-' || c == '.') && end > start && isWordAt(text, end + 1);
      if (!isWord(c) && !joins) {
        return end;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private static int endOfSpacedScript(String text, int start, int end) {
    int i = start;
    while (i < end && !isSpaceless(text.codePointAt(i))) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i == start ? end : i;
  }

  private static boolean isWordAt(String text, int index) {
    return index < text.length() && isWord(text.codePointAt(index));
  }

  private static boolean isWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || isCombining(c);
  }

  private static boolean isCombining(int c) {
    int type = Character.getType(c);
    boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    boolean emojiStyle = c >= 0xFE00 && c <= 0xFE0F;
    return mark && !emojiStyle;
  }

  private static boolean isSpaceless(int c) {
    return SPACELESS.contains(UnicodeScript.of(c));
  }
}
