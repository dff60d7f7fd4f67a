package dev.rookery.activation;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import org.jspecify.annotations.Nullable;

/**
 * Compiles patterns that users write. RE2J matches in time linear in text × program, but it expands
 * counted repetitions of repetitions without a bound ({@code ((a{100}){100}){100}} becomes a
 * million instructions), so the expansion is bounded before and the program after compiling.
 */
final class UserPattern {
  static final int MAX_LENGTH = 512;
  static final int MAX_PROGRAM = 2_000;
  private static final int MAX_EXPANSION = 1_000;
  private static final Pattern COUNTED = Pattern.compile("(\\)?)\\{([0-9]+)(?:,([0-9]*))?\\}");

  private UserPattern() {}

  /** The compiled pattern, or a refusal {@code bad-pattern} that names its place. */
  static Pattern compile(JsonSpot spot) {
    String pattern = spot.text(MAX_LENGTH);
    if (expansion(pattern) > MAX_EXPANSION) {
      throw refuse(
          spot,
          "the counted repetitions multiply to more than " + MAX_EXPANSION + "; lower the counts.");
    }
    try {
      Pattern compiled = Pattern.compile(pattern);
      if (compiled.programSize() <= MAX_PROGRAM) {
        return compiled;
      }
    } catch (PatternSyntaxException e) {
      throw refuse(
          spot,
          "not valid RE2 syntax (which has no back-references and no look-around): "
              + Text.brief(e.getDescription(), 200)
              + ".");
    }
    throw refuse(spot, "the pattern is too large; shorten it or lower its counts.");
  }

  static Refusal refuse(JsonSpot spot, String why) {
    return spot.refuse("bad-pattern", why);
  }

  /**
   * An upper bound of how often one atom is copied, whatever the nesting: only a count behind a
   * closing parenthesis multiplies what other counts made.
   */
  private static long expansion(String pattern) {
    long groups = 1;
    long atom = 1;
    Matcher counts = COUNTED.matcher(pattern);
    while (counts.find() && groups <= MAX_EXPANSION) {
      long count = Math.max(1, Math.max(count(counts.group(2)), count(counts.group(3))));
      if (counts.group(1).isEmpty()) {
        atom = Math.max(atom, count);
      } else {
        groups *= count;
      }
    }
    return groups * atom;
  }

  private static long count(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    return digits.length() > 4 ? MAX_EXPANSION + 1L : Long.parseLong(digits);
  }
}
