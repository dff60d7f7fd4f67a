package dev.rookery.orgs;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an API key may do of what its role allows: areas of the API, each whole ({@code runs}) or
 * for looking only ({@code runs:read}). None means everything.
 */
public record Scopes(List<String> list) {
  public static final Scopes EVERYTHING = new Scopes(List.of());

  private static final Pattern SPELLING = Pattern.compile("[a-z][a-z0-9-]{0,39}(:read)?");
  private static final String READ = ":read";
  private static final int MOST = 50;

  /** Refused as {@code bad-scope} when one is not spelled as a scope. */
  public Scopes {
    list = list.stream().distinct().sorted().toList();
    for (String scope : list) {
      if (!SPELLING.matcher(scope).matches() || list.size() > MOST) {
        throw Refusal.badInput(
            "bad-scope",
            "'%s' is not a scope; scopes are an area of the API, such as runs, or runs:read to look"
                + " only; at most %d of them.",
            Text.brief(Text.clean(scope), 60),
            MOST);
      }
    }
  }

  static Scopes parse(String stored) {
    return stored.isEmpty() ? EVERYTHING : new Scopes(Arrays.asList(stored.split(" ", -1)));
  }

  String stored() {
    return String.join(" ", list);
  }

  /** Whether there are none, so that the role alone decides. */
  public boolean everything() {
    return list.isEmpty();
  }

  /** The areas that they name. */
  public List<String> areas() {
    return list.stream().map(Scopes::area).distinct().toList();
  }

  private static String area(String scope) {
    return scope.endsWith(READ) ? scope.substring(0, scope.length() - READ.length()) : scope;
  }

  /**
   * Whether a call is within them.
   *
   * @param looks whether it changes nothing
   */
  public boolean allow(String area, boolean looks) {
    return everything() || list.contains(area) || (looks && list.contains(area + READ));
  }

  /** Whether these may do everything that the others may. */
  public boolean cover(Scopes others) {
    return everything()
        || (!others.everything()
            && others.list().stream().allMatch(scope -> allow(area(scope), scope.endsWith(READ))));
  }

  /** The least scope that a call needs. */
  public static String needed(String area, boolean looks) {
    return looks ? area + READ : area;
  }
}
