package dev.rookery.cli;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text from outside made fit for a terminal, and how many columns it takes there. */
final class Glyphs {
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int EMOJI_SELECTOR = 0xFE0F;

  private Glyphs() {}

  /**
   * The text without anything that a terminal would obey (escape sequences, control characters) or
   * that would turn its order around; line breaks and tabs stay.
   */
  static String harmless(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c == '\n' || c == '\t' || !obeyed(c))
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** As {@link #harmless}, on one line. */
  static String line(String text) {
    return harmless(text).strip().replaceAll("\\s*\\n\\s*", " ⏎ ").replace('\t', ' ');
  }

  private static boolean obeyed(int c) {
    boolean turning = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return Character.isISOControl(c) || turning || c == 0x2028 || c == 0x2029;
  }

  /** Columns that the text takes: 2 for wide characters and emoji, 0 for marks and joiners. */
  static int width(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      return text.length();
    }
    BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
    clusters.setText(text);
    int width = 0;
    int start = clusters.first();
    for (int end = clusters.next(); end != BreakIterator.DONE; end = clusters.next()) {
      width += clusterWidth(text.substring(start, end));
      start = end;
    }
    return width;
  }

  /** The text in pieces that are drawn as one each. */
  static List<String> split(String text) {
    BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
    clusters.setText(text);
    List<String> pieces = new ArrayList<>();
    int start = clusters.first();
    for (int end = clusters.next(); end != BreakIterator.DONE; end = clusters.next()) {
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  /** What is joined together is drawn as one. */
  private static int clusterWidth(String cluster) {
    if (cluster.indexOf(EMOJI_SELECTOR) > 0) {
      return 2;
    }
    return cluster.codePoints().map(Glyphs::codePointWidth).max().orElse(0);
  }

  private static int codePointWidth(int c) {
    if (c == ZERO_WIDTH_JOINER || Character.isISOControl(c)) {
      return 0;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /** East Asian wide and full-width blocks (UAX #11), and what is drawn as emoji. */
  private static boolean isWide(int c) {
    return Character.isEmojiPresentation(c)
        || (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0x303E)
        || (c >= 0x3041 && c <= 0xA4CF)
        || (c >= 0xA960 && c <= 0xA97F)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1B000 && c <= 0x1B2FF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }

  /** At most so many columns, with an ellipsis where cut, never inside a drawn character. */
  static String fit(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
    clusters.setText(text);
    int width = 0;
    int start = clusters.first();
    for (int end = clusters.next(); end != BreakIterator.DONE; end = clusters.next()) {
      width += clusterWidth(text.substring(start, end));
      if (width > columns - 1) {
        return text.substring(0, start) + "…";
      }
      start = end;
    }
    return text;
  }
}
