package dev.rookery.egress;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Pairs of names and values as queries and forms have them. */
final class FormText {
  private FormText() {}

  static String pair(String name, String value) {
    return encode(name) + "=" + encode(value);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** As servers do; a text with a broken escape stays as it is. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /**
   * The pairs, with values changed; those that stay the same keep their spelling.
   *
   * @param change of name and decoded value
   */
  static String filled(String pairs, BinaryOperator<String> change) {
    List<String> filled = new ArrayList<>();
    for (String pair : pairs.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals);
      String value = decode(equals < 0 ? pair : pair.substring(equals + 1));
      // A reference in a name is put to the rule as well, which knows no such place.
      String tested = change.apply("", decode(name));
      String changed = change.apply(decode(name), value);
      boolean same = changed.equals(value) && tested.equals(decode(name));
      filled.add(same ? pair : name + "=" + encode(changed));
    }
    return String.join("&", filled);
  }
}
