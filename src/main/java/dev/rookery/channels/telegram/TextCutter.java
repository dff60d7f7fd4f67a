package dev.rookery.channels.telegram;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Cuts text without structure: at a line, else a sentence, else a word, else between two characters
 * as people see them. Never inside a surrogate pair, and inside a marked span only when the span
 * alone is too long.
 */
final class TextCutter {
  /** A line or sentence border this near to the start would make a silly little message. */
  private static final int LEAST_SHARE = 4;

  private static final String ENDS = ".!?…。！？";

  private final String text;
  private final List<InlineSpans.Span> spans;

  TextCutter(String text, List<InlineSpans.Span> spans) {
    this.text = text;
    this.spans = spans;
  }

  /**
   * @param gap the white space it was cut at, in short: two line breaks, one, a space, or nothing
   */
  record Piece(String gap, String text) {}

  /** Pieces of at most {@code limit} UTF-16 units, none of them blank. */
  List<Piece> cut(int limit) {
    BitSet whole = new BitSet(text.length());
    for (InlineSpans.Span span : spans) {
      if (span.end() - span.start() <= limit) {
        whole.set(span.start() + 1, span.end());
      }
    }
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    int ended = 0;
    while (at < text.length()) {
      int end = text.length() - at <= limit ? text.length() : border(at, limit, whole);
      String piece = text.substring(at, end).stripTrailing();
      if (!piece.isBlank()) {
        pieces.add(new Piece(gap(ended, at), piece));
        ended = at + piece.length();
      }
      at = end;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
    return pieces;
  }

  private String gap(int from, int to) {
    int lines = 0;
    for (int i = from; i < to; i++) {
      lines += text.charAt(i) == '\n' ? 1 : 0;
    }
    return lines > 1 ? "\n\n" : lines == 1 ? "\n" : to > from ? " " : "";
  }

  /** The best place to end a piece that starts here; always beyond {@code at}. */
  private int border(int at, int limit, BitSet whole) {
    int last = at + limit;
    int least = at + Math.max(1, limit / LEAST_SHARE);
    int line = -1;
    int sentence = -1;
    int word = -1;
    for (int end = last; end > at && line < 0; end--) {
      if (whole.get(end) || !Character.isWhitespace(text.charAt(end - 1)) || attached(end)) {
        continue;
      }
      word = Math.max(word, end);
      if (end >= least && text.charAt(end - 1) == '\n') {
        line = end;
      } else if (end >= least && end - 2 >= at && ENDS.indexOf(text.charAt(end - 2)) >= 0) {
        sentence = Math.max(sentence, end);
      }
    }
    if (line > 0 || sentence > 0 || word > 0) {
      return line > 0 ? line : sentence > 0 ? sentence : word;
    }
    int character = character(at, last);
    int outside = whole.previousClearBit(character);
    return outside > at ? character(at, outside) : character;
  }

  /** The last border between visible characters, or at least between code points. */
  private int character(int at, int last) {
    // A little further than the limit, so that the iterator sees how the last one goes on.
    String window = text.substring(at, Math.min(text.length(), last + 32));
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(window);
    int end = last - at;
    int border = characters.isBoundary(end) ? end : characters.preceding(end);
    if (border > 0) {
      return at + border;
    }
    boolean pair =
        Character.isLowSurrogate(text.charAt(last))
            && Character.isHighSurrogate(text.charAt(last - 1));
    return !pair ? last : end > 1 ? last - 1 : last + 1;
  }

  /** Whether the character after the border belongs to the white space before it. */
  private boolean attached(int end) {
    int type = Character.getType(text.codePointAt(end));
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }
}
