package dev.rookery.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a delivery carries.
 *
 * @param payload for filters and for people
 * @param text for the model
 */
record HookBody(JsonNode payload, String text) {
  private static final int MAX_FIELDS = 1_000;

  /**
   * Reads JSON, a form or text, as the content type says; without one, JSON if it is some.
   *
   * @throws Refusal {@code malformed-json}, {@code bad-form} or {@code unsupported-media-type}
   */
  static HookBody read(byte[] body, Map<String, List<String>> headers) {
    String type = String.join(",", headers.getOrDefault("content-type", List.of()));
    int end = type.indexOf(';');
    String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    String text = Text.clean(new String(body, StandardCharsets.UTF_8));
    if (bare.equals("application/json") || bare.endsWith("+json")) {
      return new HookBody(json(body), text);
    }
    if (bare.equals("application/x-www-form-urlencoded")) {
      ObjectNode form = form(text);
      return new HookBody(form, Json.write(form));
    }
    if (bare.startsWith("text/")) {
      return new HookBody(Json.object().put("text", text), text);
    }
    if (bare.isEmpty()) {
      return untyped(body, text);
    }
    throw Refusal.badInput(
        "unsupported-media-type",
        "The content type '%s' is not taken; send JSON, a form or text.",
        Text.brief(Text.clean(bare), 60));
  }

  private static HookBody untyped(byte[] body, String text) {
    try {
      return new HookBody(json(body), text);
    } catch (Refusal _) {
      return new HookBody(Json.object().put("text", text), text);
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return Json.parse(body);
    } catch (UncheckedIOException e) {
      throw Refusal.badInput("malformed-json", "The body is no JSON in UTF-8.");
    }
  }

  /** A field that is there several times becomes an array. */
  private static ObjectNode form(String text) {
    ObjectNode form = Json.object();
    for (String pair : text.split("&", MAX_FIELDS)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        JsonNode there = form.get(name);
        if (there == null) {
          form.put(name, value);
        } else if (there instanceof ArrayNode array) {
          array.add(value);
        } else {
          form.putArray(name).add(there).add(value);
        }
      }
    }
    return form;
  }

  private static String decoded(String text) {
    try {
      return Text.clean(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput("bad-form", "The form is not properly percent-encoded.");
    }
  }
}
