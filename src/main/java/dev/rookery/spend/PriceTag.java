package dev.rookery.spend;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The price of a model or of a tool. Refused as {@code bad-price}.
 *
 * @param name of a model, {@code provider/model} or the beginning of such names; of a tool, its own
 */
public record PriceTag(String name, Price price) {
  private static final Pattern MODEL = Pattern.compile("[a-z][a-z0-9_-]*(/[\\w.:@/+-]*)?");
  private static final Pattern TOOL = Pattern.compile("[a-zA-Z0-9_.:/-]+");
  private static final int MAX = 200;

  public PriceTag {
    Pattern spelling =
        switch (price) {
          case Price.PerToken _ -> MODEL;
          case Price.PerCall _ -> TOOL;
        };
    if (name.length() > MAX || !spelling.matcher(name).matches()) {
      throw Refusal.badInput(
          "bad-price",
          "'%s' is not the name of a %s with a price; models are spelled provider/model.",
          Text.brief(Text.clean(name), 80),
          Kind.of(price).label());
    }
  }

  /** What has prices. */
  public enum Kind {
    MODEL,
    TOOL;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(Price price) {
      return switch (price) {
        case Price.PerToken _ -> MODEL;
        case Price.PerCall _ -> TOOL;
      };
    }
  }

  public Kind kind() {
    return Kind.of(price);
  }

  /**
   * Whether it is for this model or tool. The name of a model may go on after a break, as in a
   * dated version, but not within a word or number.
   */
  boolean fits(Kind wanted, String full) {
    if (kind() != wanted || !full.startsWith(name)) {
      return false;
    }
    if (full.length() == name.length()) {
      return true;
    }
    return wanted == Kind.MODEL
        && !(Character.isLetterOrDigit(name.charAt(name.length() - 1))
            && Character.isLetterOrDigit(full.charAt(name.length())));
  }
}
