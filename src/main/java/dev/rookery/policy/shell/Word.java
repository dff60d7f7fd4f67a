package dev.rookery.policy.shell;

/**
 * One word of a command, after quotes and before expansions.
 *
 * @param shape the text, with {@link #UNKNOWN} for each part that is not known before it runs
 * @param many whether it may become any number of words, none included
 * @param written as in the source, for people
 */
public record Word(String shape, boolean many, String written) {
  /** Stands for any text. A noncharacter of Unicode, which a readable line never holds. */
  public static final char UNKNOWN = '\uFFFF';

  static final Word ANYTHING = new Word(String.valueOf(UNKNOWN), true, "…");

  /** A word that means itself. */
  public static Word literal(String text) {
    return new Word(text, false, text);
  }

  static Word unknown(String written) {
    return new Word(String.valueOf(UNKNOWN), false, written);
  }

  /** Whether it is known before it runs. */
  public boolean isLiteral() {
    return !many && shape.indexOf(UNKNOWN) < 0;
  }

  /** Whether it is exactly this text. */
  boolean is(String text) {
    return !many && shape.equals(text);
  }

  boolean startsWith(String text) {
    return !many && shape.startsWith(text);
  }
}
