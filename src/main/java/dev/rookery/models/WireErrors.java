package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.Transport.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads error bodies and headers of providers; what they mean is {@link WireRules}' affair. */
final class WireErrors {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_MESSAGE = 300;

  /** Providers quote keys back, sometimes masked, sometimes not. */
  private static final Pattern KEY_LIKE = Pattern.compile("\\b(sk|pk|key)-[A-Za-z0-9_*.-]{4,}");

  private WireErrors() {}

  /** The failure that a reply with another status than 200 means. */
  static ModelFailure of(Provider provider, Reply reply) {
    String text = shortBody(reply);
    Duration retryAfter = retryAfter(reply);
    try {
      return WireRules.classify(provider, refused(reply.status(), Json.parse(text), retryAfter));
    } catch (Refusal notJson) {
      var plain = new WireRules.Refused(reply.status(), "", "(no readable message)", retryAfter);
      return WireRules.classify(provider, plain);
    }
  }

  /** The failure that an error event in the middle of a stream means. */
  static ModelFailure inStream(Provider provider, JsonNode data) {
    return WireRules.classify(provider, refused(0, data, null));
  }

  /** A stream that says that it failed, but not why. */
  static ModelFailure brokeOff(Provider provider) {
    return WireRules.classify(provider, new WireRules.Refused(0, "", "", null));
  }

  static ModelFailure badOutput(Provider provider, String what) {
    return new ModelFailure(
        Reason.BAD_OUTPUT, provider.id() + " " + what + "; the call is tried again.", null);
  }

  /**
   * Anthropic: {@code {"error":{"type","message"}}}; OpenAI adds {@code code}, OpenRouter a numeric
   * one; Ollama may say {@code {"error":"text"}}.
   */
  private static WireRules.Refused refused(int status, JsonNode body, @Nullable Duration after) {
    JsonNode error = body.path("error");
    String code = error.path("code").asText("");
    String type = code.isEmpty() || code.equals("null") ? error.path("type").asText("") : code;
    String message = error.isTextual() ? error.asText() : error.path("message").asText("");
    return new WireRules.Refused(status, type, presentable(message), after);
  }

  static String presentable(String message) {
    String safe = KEY_LIKE.matcher(Text.clean(message)).replaceAll("[key]");
    return safe.isBlank() ? "(no message)" : Text.brief(safe.strip(), MAX_MESSAGE);
  }

  private static String shortBody(Reply reply) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (byte[] piece = reply.body().next();
          piece != null && bytes.size() < MAX_BODY;
          piece = reply.body().next()) {
        bytes.writeBytes(piece);
      }
      reply.body().finish();
    } catch (ModelFailure broken) {
      if (broken.reason() == Reason.CANCELLED) {
        throw broken;
      }
      // The status alone says enough.
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static @Nullable Duration retryAfter(Reply reply) {
    Duration millis = number(reply.header("retry-after-ms").orElse(""), 1);
    if (millis != null) {
      return millis;
    }
    String value = reply.header("retry-after").orElse("");
    Duration seconds = number(value, 1000);
    return seconds != null ? seconds : untilDate(value, reply.header("date").orElse(""));
  }

  private static @Nullable Duration number(String value, int millisPerUnit) {
    if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      return null;
    }
    return Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * millisPerUnit));
  }

  /** RFC 9110 §10.2.3 allows a date; it is compared with the server's own clock. */
  private static @Nullable Duration untilDate(String value, String serverDate) {
    try {
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Instant now =
          ZonedDateTime.parse(serverDate, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(now, until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
