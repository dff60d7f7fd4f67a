package dev.rookery.kernel;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host name, or all names below one: {@code api.github.com} or {@code *.github.com}, which does
 * not match {@code github.com} itself; {@code *} alone matches every host. Refused as {@code
 * bad-host}.
 *
 * @param text lower case ASCII, without port or trailing dot
 */
public record HostPattern(String text) {
  private static final Pattern SPELLING =
      Pattern.compile(
          "\\*|(\\*\\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
              + "|[0-9a-f:]*:[0-9a-f:.]+");

  public HostPattern {
    text = text.toLowerCase(Locale.ROOT);
    if (text.length() > 253 || !SPELLING.matcher(text).matches()) {
      throw Refusal.badInput(
          "bad-host",
          "'%s' is not a host: write a name such as api.example.org, or *.example.org for all below.",
          Text.brief(Text.clean(text), 80));
    }
  }

  /** Whether it matches every host. */
  public boolean any() {
    return text.equals("*");
  }

  /** Whether it names the host, which is lower case ASCII. */
  public boolean matches(String host) {
    return any() || (text.startsWith("*.") ? host.endsWith(text.substring(1)) : host.equals(text));
  }

  @Override
  public String toString() {
    return text;
  }
}
