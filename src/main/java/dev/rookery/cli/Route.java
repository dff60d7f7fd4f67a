package dev.rookery.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A path of the API with its query, escaped. */
record Route(String path) {
  private static final Pattern HOLE = Pattern.compile("\\{}");

  /** {@code Route.of("runs/{}/cancel", id)}, below {@code /api/v1/}. */
  static Route of(String template, String... values) {
    int[] next = {0};
    String path =
        HOLE.matcher(template).replaceAll(_ -> Matcher.quoteReplacement(escape(values[next[0]++])));
    return new Route("/api/v1/" + path);
  }

  /** Outside {@code /api/v1}. */
  static Route outside(String path) {
    return new Route(path);
  }

  /** One more parameter of the query; none when the value is null. */
  Route with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    String separator = path.contains("?") ? "&" : "?";
    return new Route(path + separator + name + "=" + escape(value.toString()));
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
