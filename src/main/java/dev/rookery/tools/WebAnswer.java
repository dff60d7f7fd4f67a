package dev.rookery.tools;

import dev.rookery.egress.HttpField;
import dev.rookery.egress.WebAddress;
import dev.rookery.kernel.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * What came back, in words for a model.
 *
 * @param body up to one byte more than {@link CappedBody#READ}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebAnswer(int status, WebAddress address, List<HttpField> headers, byte[] body) {
  private static final Set<String> SHOWN_HEADERS =
      Set.of(
          "allow",
          "content-disposition",
          "content-language",
          "content-type",
          "date",
          "etag",
          "last-modified",
          "link",
          "location",
          "retry-after",
          "www-authenticate");
  private static final Pattern CHARSET =
      Pattern.compile("(?i)charset\\s*=\\s*\"?([A-Za-z0-9_.:-]{1,40})");
  private static final Pattern TEXTUAL =
      Pattern.compile(
          "text/.*|application/(.*\\+)?(json|xml|yaml|javascript|x-ndjson|x-www-form-urlencoded|"
              + "graphql|toml|sql|x-sh).*");

  /** Status, headers that matter, and the body as it is. */
  String plain() {
    StringBuilder words = new StringBuilder("HTTP ").append(status).append('\n');
    for (HttpField field : headers) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (SHOWN_HEADERS.contains(name) || name.startsWith("x-ratelimit-")) {
        words.append(name).append(": ").append(Text.brief(field.value(), 1_000)).append('\n');
      }
    }
    return words.append('\n').append(bodyText()).toString();
  }

  /** The page as Markdown; what is no page as it is. */
  String readable() {
    String type = type();
    boolean page = type.contains("html") || (type.isEmpty() && looksLikePage());
    if (status / 100 != 2 || !page) {
      return plain();
    }
    try {
      String charset = declaredCharset() == null ? null : declaredCharset().name();
      var document = Jsoup.parse(new ByteArrayInputStream(body), charset, address.toString());
      String cut = body.length > CappedBody.READ ? "\n[cut: only the first MiB was read]" : "";
      return Text.clean(ReadableText.of(document, address.toString())) + cut;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean looksLikePage() {
    String start =
        new String(body, 0, Math.min(body.length, 512), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html");
  }

  private String bodyText() {
    if (body.length == 0) {
      return "[no body]";
    }
    String type = type();
    if (!TEXTUAL.matcher(type).matches() && holdsNoText()) {
      return "[binary body, not shown: %s, %s]"
          .formatted(
              type.isEmpty() ? "type unknown" : type,
              body.length > CappedBody.READ ? "more than 1 MiB" : body.length + " bytes");
    }
    Charset charset = declaredCharset();
    if (charset == null || charset.equals(StandardCharsets.UTF_8)) {
      return CappedBody.Body.of(body).text();
    }
    byte[] utf8 = new String(body, charset).getBytes(StandardCharsets.UTF_8);
    return CappedBody.Body.of(utf8).text();
  }

  /** NUL, or many bytes that are no UTF-8, near the beginning. */
  private boolean holdsNoText() {
    int looked = Math.min(body.length, 4_096);
    String start = new String(body, 0, looked, StandardCharsets.UTF_8);
    long strange =
        start.chars().filter(c -> c == 0xfffd || (c < ' ' && "\n\r\t\f".indexOf(c) < 0)).count();
    return start.indexOf('\0') >= 0 || strange * 20 > start.length();
  }

  private String type() {
    return headers.stream()
        .filter(field -> field.is("Content-Type"))
        .map(field -> field.value().toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("");
  }

  private @Nullable Charset declaredCharset() {
    Matcher charset = CHARSET.matcher(type());
    try {
      return charset.find() ? Charset.forName(charset.group(1)) : null;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }
}
