package dev.rookery.gateway;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pages besides our own that may open a socket.
 *
 * @param allowed such as {@code https://desk.example}, in lower case
 */
public record Origins(Set<String> allowed) {
  private static final String VARIABLE = "ROOKERY_ALLOWED_ORIGINS";

  public Origins {
    allowed = Set.copyOf(allowed);
  }

  /**
   * The public URL's origin, and those of {@code ROOKERY_ALLOWED_ORIGINS}.
   *
   * @throws Refusal {@code bad-origin}
   */
  public static Origins from(Map<String, String> env, @Nullable String publicUrl) {
    Set<String> all = new HashSet<>();
    Arrays.stream(env.getOrDefault(VARIABLE, "").split(",", -1))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .forEach(text -> all.add(origin(text)));
    if (publicUrl != null) {
      URI url = URI.create(publicUrl);
      all.add((url.getScheme() + "://" + url.getAuthority()).toLowerCase(Locale.ROOT));
    }
    return new Origins(all);
  }

  private static String origin(String text) {
    if (!OriginRules.isOrigin(text)) {
      throw Refusal.badInput(
          "bad-origin",
          "%s takes origins such as https://desk.example, separated by commas, not '%s'.",
          VARIABLE,
          Text.brief(Text.clean(text), 80));
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
