package dev.rookery.policy;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A rule on an agent. Refused as {@code bad-tool-pattern}.
 *
 * @param tool name of a tool, or the start of names followed by {@code *}
 */
public record Grant(String tool, Verdict verdict) {
  private static final Pattern SPELLING = Pattern.compile("\\*|[a-z][a-z0-9_]{0,63}\\*?");

  public Grant {
    if (!SPELLING.matcher(tool).matches()) {
      throw Refusal.badInput(
          "bad-tool-pattern",
          "'%s' is neither a tool's name ([a-z][a-z0-9_]*) nor the start of one followed by *.",
          Text.brief(tool, 80));
    }
  }

  /** What a rule says about the tools it names. */
  public enum Verdict {
    ALLOW,
    DENY;

    String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Verdict of(String spelled) {
      return valueOf(spelled.toUpperCase(Locale.ROOT));
    }
  }
}
