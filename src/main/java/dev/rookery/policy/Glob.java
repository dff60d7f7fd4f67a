package dev.rookery.policy;

import dev.rookery.policy.shell.Word;
import java.util.Arrays;

/**
 * A pattern in which {@code *} stands for any text; in paths for any text without a slash, and
 * {@code **} for any text. Matching takes time in proportion to pattern and text.
 */
final class Glob {
  private static final int STAR = -1;
  private static final int ANY = -2;

  /** Whole directories with their slash, or nothing: {@code **} and a slash at the beginning. */
  private static final int DIRECTORIES = -3;

  /** The slash of {@code /**} at the end, which may be missing together with all below it. */
  private static final int BELOW = -4;

  private final String source;
  private final int[] tokens;
  private final boolean literal;

  private Glob(String source, int[] tokens) {
    this.source = source;
    this.tokens = tokens;
    this.literal = Arrays.stream(tokens).allMatch(t -> t >= 0);
  }

  /** {@code *} stands for any text. */
  static Glob text(String pattern) {
    return new Glob(pattern, pattern.chars().map(c -> c == '*' ? ANY : c).toArray());
  }

  /**
   * As {@link #text}, where only marked stars are wildcards.
   *
   * @param marks one per character; true for a star that is meant as a wildcard
   */
  static Glob marked(String pattern, boolean[] marks) {
    int[] tokens = pattern.chars().toArray();
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = marks[i] ? ANY : tokens[i];
    }
    return new Glob(pattern, tokens);
  }

  static Glob path(String pattern) {
    int[] tokens = new int[pattern.length()];
    int n = 0;
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.startsWith("/**", i) && i + 3 == pattern.length()) {
        tokens[n++] = BELOW;
        tokens[n++] = ANY;
        i += 2;
      } else if (pattern.startsWith("**/", i) && (i == 0 || pattern.charAt(i - 1) == '/')) {
        tokens[n++] = DIRECTORIES;
        i += 2;
      } else if (pattern.startsWith("**", i)) {
        tokens[n++] = ANY;
        i++;
      } else {
        tokens[n++] = pattern.charAt(i) == '*' ? STAR : pattern.charAt(i);
      }
    }
    return new Glob(pattern, Arrays.copyOf(tokens, n));
  }

  String source() {
    return source;
  }

  /** The text before the first wildcard. */
  String head() {
    StringBuilder head = new StringBuilder();
    for (int token : tokens) {
      if (token < 0) {
        break;
      }
      head.append((char) token);
    }
    return head.toString();
  }

  boolean isLiteral() {
    return literal;
  }

  /** Whether it stands for every text. */
  boolean isEverything() {
    return tokens.length > 0 && Arrays.stream(tokens).allMatch(t -> t == ANY);
  }

  /** The pattern as a text, its wildcards as unknown parts: to ask what another pattern covers. */
  String asText() {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      switch (token) {
        case STAR, ANY -> text.append(Word.UNKNOWN);
        case DIRECTORIES -> text.append(Word.UNKNOWN).append('/');
        case BELOW -> text.append('/');
        default -> text.append((char) token);
      }
    }
    return text.toString();
  }

  /** Whether every text that this one may become is matched. */
  boolean must(String text) {
    return literal ? source.contentEquals(text) : run(text, false);
  }

  /** Whether any text that this one may become is matched. */
  boolean may(String text) {
    boolean plain = literal && text.indexOf(Word.UNKNOWN) < 0;
    return plain ? source.contentEquals(text) : run(text, true);
  }

  private boolean run(String text, boolean may) {
    boolean[] now = new boolean[tokens.length + 1];
    boolean[] next = new boolean[tokens.length + 1];
    now[0] = true;
    skip(now);
    for (int i = 0; i < text.length(); i++) {
      Arrays.fill(next, false);
      char c = text.charAt(i);
      boolean some = c == Word.UNKNOWN ? unknown(now, next, may) : step(now, next, c);
      if (!some) {
        return false;
      }
      skip(next);
      boolean[] swap = now;
      now = next;
      next = swap;
    }
    return now[tokens.length];
  }

  /** Wildcards may stand for nothing. */
  private void skip(boolean[] states) {
    for (int i = 0; i < tokens.length; i++) {
      if (states[i] && tokens[i] == BELOW) {
        states[i + 2] = true;
      } else if (states[i] && tokens[i] < 0) {
        states[i + 1] = true;
      }
    }
  }

  private boolean step(boolean[] now, boolean[] next, char c) {
    boolean some = false;
    for (int i = 0; i < tokens.length; i++) {
      if (!now[i]) {
        continue;
      }
      boolean stays =
          switch (tokens[i]) {
            case STAR -> c != '/';
            case ANY, DIRECTORIES -> true;
            default -> false;
          };
      boolean slash = tokens[i] == DIRECTORIES || tokens[i] == BELOW;
      boolean goes = tokens[i] == c || (slash && c == '/');
      next[i] |= stays;
      next[i + 1] |= goes;
      some |= stays || goes;
    }
    return some;
  }

  private boolean unknown(boolean[] now, boolean[] next, boolean may) {
    boolean some = false;
    for (int i = 0; i < now.length; i++) {
      boolean stays = now[i] && i < tokens.length && tokens[i] == ANY;
      next[i] |= may ? (now[i] || (i > 0 && next[i - 1])) : stays;
      some |= next[i];
    }
    return some;
  }
}
