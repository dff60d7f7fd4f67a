package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL of http or https that every parser reads alike. White space, control characters,
 * backslashes, user info, octal, hexadecimal or short addresses, trailing dots and contested
 * international names are refused as {@code bad-url}. Dot segments are resolved; the fragment is
 * dropped.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case ASCII (IDNA), without brackets
 * @param literal the address that the host spells; null for a name
 * @param path percent-encoded, begins with a slash
 * @param query percent-encoded, without the question mark; null when there is none
 */
public record WebAddress(
    String scheme,
    String host,
    @Nullable InetAddress literal,
    int port,
    String path,
    @Nullable String query) {
  private static final int LONGEST = 8_192;
  private static final Pattern SHAPE =
      Pattern.compile("([hH][tT][tT][pP][sS]?)://([^/?#]+)([^?#]*)(?:\\?([^#]*))?(?:#.*)?");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]@]+)(?::([0-9]{1,5}))?");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final String ENCODED = "\"<>^`{|}";

  /**
   * Reads an absolute URL.
   *
   * @throws Refusal {@code bad-url}; never repeats the URL, which may hold a password
   */
  public static WebAddress read(String url) {
    Matcher shape = SHAPE.matcher(url);
    if (url.length() > LONGEST || url.chars().anyMatch(WebAddress::refused) || !shape.matches()) {
      throw bad(
          "it must be http:// or https:// with a host, without white space, control characters or"
              + " backslashes");
    }
    Matcher authority = AUTHORITY.matcher(shape.group(2));
    HostReading.Host host = authority.matches() ? HostReading.read(authority.group(1)) : null;
    if (host == null) {
      throw bad(
          "its host is spelled in a way that programs read differently; write a plain name or a"
              + " dotted address, without user name and trailing dot");
    }
    String scheme = shape.group(1).toLowerCase(Locale.ROOT);
    String portText = authority.group(2);
    int port = portText == null ? defaultPort(scheme) : Integer.parseInt(portText);
    if (port < 1 || port > 65_535) {
      throw bad("its port is not from 1 to 65535");
    }
    String query = shape.group(4);
    return new WebAddress(
        scheme,
        host.name(),
        host.literal(),
        port,
        withoutDots(encoded(shape.group(3))),
        query == null ? null : encoded(query));
  }

  private static boolean refused(int c) {
    return c <= ' ' || c == 0x7f || c == '\\' || (c >= 0x80 && c < 0xa1);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static Refusal bad(String why) {
    return Refusal.badInput("bad-url", "The URL cannot be used: %s.", why);
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (c >= 0x80 || ENCODED.indexOf(c) >= 0) {
        encoded.append('%').append(String.format("%02X", c));
      } else {
        encoded.append((char) c);
      }
    }
    return encoded.toString();
  }

  /** A server would resolve them anyway, and a rule on paths must see what it sees. */
  private static String withoutDots(String path) {
    List<String> kept = new ArrayList<>();
    String[] segments = path.isEmpty() ? new String[] {"", ""} : path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      String plain = segments[i].replaceAll("(?i)%2e", ".");
      boolean last = i == segments.length - 1;
      if (plain.equals("..") && !kept.isEmpty()) {
        kept.removeLast();
      }
      if (!plain.equals(".") && !plain.equals("..")) {
        kept.add(segments[i]);
      } else if (last) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }

  /**
   * Where a {@code Location} header of this address leads.
   *
   * @throws Refusal {@code bad-url}
   */
  public WebAddress resolve(String location) {
    if (ABSOLUTE.matcher(location).matches()) {
      return read(location);
    }
    if (location.startsWith("//")) {
      return read(scheme + ":" + location);
    }
    if (location.startsWith("/")) {
      return read(origin() + location);
    }
    if (location.startsWith("?")) {
      return read(origin() + path + location);
    }
    return read(origin() + path.substring(0, path.lastIndexOf('/') + 1) + location);
  }

  /** The same place, asked over https; port 80 becomes 443. */
  public WebAddress overHttps() {
    return new WebAddress("https", host, literal, port == 80 ? 443 : port, path, query);
  }

  /** The same place with another query. */
  public WebAddress withQuery(@Nullable String changed) {
    return new WebAddress(scheme, host, literal, port, path, changed);
  }

  public boolean secure() {
    return scheme.equals("https");
  }

  /** Path and query, as a request line has them. */
  public String target() {
    return query == null ? path : path + "?" + query;
  }

  /** Whether cookies and credentials for the other are for this one too. */
  public boolean sameOrigin(WebAddress other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  /** Host, and port unless it is that of the scheme; as a Host header has it. */
  public String authority() {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return port == defaultPort(scheme) ? bracketed : bracketed + ":" + port;
  }

  private String origin() {
    return scheme + "://" + authority();
  }

  /** Without its query, which may hold what is nobody's business. */
  @Override
  public String toString() {
    return origin() + path;
  }
}
