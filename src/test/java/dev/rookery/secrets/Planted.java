package dev.rookery.secrets;

import dev.rookery.kernel.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A secret of a test, of one of many shapes, and the ways in which a server may say it. */
record Planted(int number, SecretPlace place, String prefix, String value) {
  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final String PRINTABLE =
      IntStream.rangeClosed(' ', '~')
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
  private static final int LONGEST = 4_096;

  static List<Planted> all(int count) {
    Random random = new Random();
    return IntStream.range(0, count)
        .mapToObj(i -> new Planted(i, place(i), i % 2 == 0 ? "" : "Bearer ", value(i, random)))
        .toList();
  }

  String name() {
    return "PLANTED_" + number;
  }

  private static SecretPlace place(int i) {
    return switch (i % 3) {
      case 0 -> new SecretPlace.Header(i % 2 == 0 ? "Authorization" : "X-Key");
      case 1 -> new SecretPlace.Query("key");
      default -> new SecretPlace.BodyField("auth.token");
    };
  }

  /** Each has so much chance in it that nothing else is equal. */
  private static String value(int i, Random random) {
    String core = chars(random, PLAIN, 16);
    return switch (i / 3 % 14) {
      case 0 -> chars(random, PLAIN, 8);
      case 1 -> chars(random, PLAIN, i % 3 == 1 ? 1_500 : LONGEST);
      case 2 -> "\"" + core + "' said \"no\"";
      case 3 ->
          Base64.getEncoder().encodeToString((core + "????>").getBytes(StandardCharsets.US_ASCII));
      case 4 -> "-----BEGIN PRIVATE KEY-----\\nMIIE" + core + "+/\\n-----END PRIVATE KEY-----";
      case 5 -> "{\"k\":[\"" + core + "\\\\\",null,\"\\/\"]}";
      case 6 -> "^(" + core + "|.*)+[$1]{2,}\\d\\Q.?\\E$";
      case 7 -> "ghp_" + core;
      case 8 -> "a&b=" + core + " %20+%+#?/;c";
      case 9 -> "<b>&amp;" + core + "&#39;</b>";
      case 10 -> "$(id)`x`${HOME}!!%s\\" + core;
      case 11 -> "{{secret:PLANTED_0}}" + core + "{{tool_result}}";
      case 12 -> "AKIA" + core.toUpperCase(Locale.ROOT) + "/" + core;
      default -> "k" + chars(random, PRINTABLE, 40) + "k";
    };
  }

  private static String chars(Random random, String from, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }

  /** What a server may say instead of the value, by a label; the value itself is {@code clear}. */
  Map<String, String> forms() {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    String url = URLEncoder.encode(value, StandardCharsets.UTF_8);
    String json = Json.write(value);
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("clear", value);
    forms.put("url", url);
    forms.put("url with %20", url.replace("+", "%20"));
    forms.put("json", json.substring(1, json.length() - 1));
    forms.put("json with \\/", json.substring(1, json.length() - 1).replace("/", "\\/"));
    forms.put("html", html(value));
    forms.put("hex", HexFormat.of().formatHex(bytes));
    forms.put("HEX", HexFormat.of().withUpperCase().formatHex(bytes));
    forms.put("base64", Base64.getEncoder().encodeToString(bytes));
    forms.put("base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    byte[] basic = ("user:" + value).getBytes(StandardCharsets.US_ASCII);
    forms.put("basic", Base64.getEncoder().encodeToString(basic));
    return forms;
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
