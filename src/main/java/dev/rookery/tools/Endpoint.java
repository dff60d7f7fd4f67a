package dev.rookery.tools;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an HTTP tool lives. Refused as {@code bad-url}, {@code bad-method} or {@code bad-timeout}.
 *
 * @param url http or https, without user info
 * @param timeout of the whole exchange, 100 ms to 10 minutes
 * @param lookupUrl asked after a crash whether a call happened; null when it cannot be asked
 * @param allowPrivate whether it may be in a private network or on this machine
 */
public record Endpoint(
    URI url, String method, Duration timeout, @Nullable URI lookupUrl, boolean allowPrivate) {
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  public Endpoint {
    check(url);
    if (lookupUrl != null) {
      check(lookupUrl);
    }
    if (!METHODS.contains(method)) {
      throw Refusal.badInput(
          "bad-method",
          "'%s' is not a method of a tool; use POST, PUT, PATCH or DELETE.",
          Text.brief(method, 20));
    }
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw Refusal.badInput("bad-timeout", "The time-out is from 100 ms to 10 minutes.");
    }
  }

  /** A POST to a public address that may take 30 seconds. */
  public static Endpoint post(String url) {
    return new Endpoint(uri(url), "POST", Duration.ofSeconds(30), null, false);
  }

  /**
   * Reads a URL.
   *
   * @throws Refusal {@code bad-url}
   */
  public static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw badUrl(url);
    }
  }

  private static void check(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean http = scheme.equals("http") || scheme.equals("https");
    if (!http
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawFragment() != null
        || url.getPort() > 65_535) {
      throw badUrl(url.getHost() == null ? "the URL" : url.getHost());
    }
  }

  private static Refusal badUrl(String which) {
    return Refusal.badInput(
        "bad-url",
        "%s cannot be used: write http:// or https:// with a host, without user info or fragment.",
        Text.brief(which, 80));
  }
}
