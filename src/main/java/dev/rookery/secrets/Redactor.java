package dev.rookery.secrets;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes the values of secrets out of text and streams and writes {@code [secret:NAME]} there. Finds
 * a value also in base64 (any alignment, both alphabets, with line breaks), in hexadecimal, and
 * where any of its characters are escaped as in URLs, JSON or HTML, and in UTF-16, across the
 * borders of chunks.
 */
public final class Redactor {
  /** Knows no secret and changes nothing. */
  public static final Redactor NONE = new Redactor(List.of());

  private static final int SHORTEST = 8;

  private final SecretPatterns patterns;

  Redactor(List<SecretValue> values) {
    this.patterns = new SecretPatterns(values);
  }

  /**
   * Knows what is in these headers: the values, and the last word of each, such as the token after
   * {@code Bearer}. What is shorter than 8 characters cannot be told from ordinary text.
   *
   * @param headers values in the clear, by name
   */
  public static Redactor ofHeaders(Map<String, String> headers) {
    List<SecretValue> values = new ArrayList<>();
    headers.forEach(
        (name, value) ->
            Stream.of(value, value.substring(value.lastIndexOf(' ') + 1))
                .distinct()
                .filter(part -> part.length() >= SHORTEST)
                .forEach(part -> values.add(new SecretValue(name, part))));
    return values.isEmpty() ? NONE : new Redactor(values);
  }

  /** The text without values. */
  public String text(String text) {
    if (patterns.none()) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream clean = new ByteArrayOutputStream(bytes.length);
    int rest = patterns.copy(bytes, bytes.length, true, clean);
    if (rest != bytes.length) {
      throw new IllegalStateException("a text was not redacted to its end");
    }
    return clean.toString(StandardCharsets.UTF_8);
  }

  /** Whether the text holds a value in any form. */
  public boolean finds(String text) {
    return !text(text).equals(text);
  }

  /** The stream without values; reads as little ahead as it can. */
  public InputStream stream(InputStream in) {
    return patterns.none() ? in : new RedactedStream(in, patterns);
  }

  @Override
  public String toString() {
    return "Redactor";
  }
}
