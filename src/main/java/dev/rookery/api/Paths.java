package dev.rookery.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which path belongs to which route, as the HTTP server decides it. */
final class Paths {
  private Paths() {}

  /**
   * The parameters of a path, decoded, or null when it is another route's.
   *
   * @param template with parameters in braces
   * @param path percent-encoded, without a query
   */
  static @Nullable Map<String, String> match(String template, String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return null;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      boolean parameter = wanted[i].startsWith("{");
      if (parameter && !given[i].isEmpty()) {
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), decoded(given[i]));
      } else if (parameter || !wanted[i].equals(given[i])) {
        return null;
      }
    }
    return parameters;
  }

  /** What is badly encoded stands for itself; no id is spelled like that. */
  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
