package dev.rookery.gateway;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which pages of browsers may open a socket. */
final class OriginRules {
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  private OriginRules() {}

  /** Whether the text is an origin as browsers send it: scheme, host, perhaps a port. */
  static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches();
  }

  /**
   * @param origin header Origin, or null when a program asks
   * @param host header Host
   * @param others origins besides this server, in lower case
   */
  static boolean allows(@Nullable String origin, @Nullable String host, Set<String> others) {
    if (origin == null) {
      return true;
    }
    if (!isOrigin(origin)) {
      return false;
    }
    String page = origin.toLowerCase(Locale.ROOT);
    String authority = page.substring(page.indexOf("://") + 3);
    return authority.equalsIgnoreCase(host) || others.contains(page);
  }
}
