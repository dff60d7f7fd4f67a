package dev.rookery.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether a delivery is signed as it must be; touches nothing. Sources: GitHub's "Validating
 * webhook deliveries", and the Standard Webhooks specification.
 */
final class Signing {
  static final Duration TOLERANCE = Duration.ofMinutes(5);
  static final String PREFIX = "whsec_";
  static final List<String> HUB = List.of("x-hub-signature-256", "x-rookery-signature");
  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURES = "webhook-signature";
  private static final String SCHEME = "sha256=";

  private Signing() {}

  /**
   * What is wrong, as a code for the record; null when all is well.
   *
   * @param secret null when none is kept, so that nothing can be right
   * @param headers lower-case names
   */
  static @Nullable String fault(
      Signature kind,
      @Nullable String secret,
      byte[] body,
      Map<String, List<String>> headers,
      Instant now) {
    if (kind == Signature.NONE) {
      return null;
    }
    if (secret == null) {
      return "no-secret";
    }
    return switch (kind) {
      case NONE -> null;
      case SHA256 -> hub(secret, body, headers);
      case STANDARD -> standard(secret, body, headers, now);
    };
  }

  private static @Nullable String hub(
      String secret, byte[] body, Map<String, List<String>> headers) {
    List<String> given =
        HUB.stream().flatMap(name -> headers.getOrDefault(name, List.of()).stream()).toList();
    if (given.size() != 1) {
      return given.isEmpty() ? "signature-missing" : "signature-duplicated";
    }
    byte[] wanted = hubSignature(secret, body).getBytes(StandardCharsets.UTF_8);
    byte[] found = given.getFirst().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(found, wanted) ? null : "signature-wrong";
  }

  /** {@code sha256=<hex>}. */
  static String hubSignature(String secret, byte[] body) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return SCHEME + HexFormat.of().formatHex(hmac(key, body));
  }

  private static @Nullable String standard(
      String secret, byte[] body, Map<String, List<String>> headers, Instant now) {
    String id = one(headers, ID);
    String timestamp = one(headers, TIMESTAMP);
    String signatures = one(headers, SIGNATURES);
    if (id == null || timestamp == null || signatures == null) {
      return "signature-missing";
    }
    if (!timestamp.matches("[0-9]{1,12}")) {
      return "timestamp-malformed";
    }
    Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(at, now).abs().compareTo(TOLERANCE) > 0) {
      return at.isBefore(now) ? "timestamp-old" : "timestamp-ahead";
    }
    byte[] wanted = standardSignature(secret, id, timestamp, body).getBytes(StandardCharsets.UTF_8);
    boolean right = false;
    for (String given : signatures.split(" ", -1)) {
      right |= MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted);
    }
    return right ? null : "signature-wrong";
  }

  /** {@code v1,<base64>} over {@code id.timestamp.body}. */
  static String standardSignature(String secret, String id, String timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(hmac(key(secret), head, body));
  }

  /** The value of a header that is there once; null otherwise. */
  static @Nullable String one(Map<String, List<String>> headers, String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    return values.size() == 1 && !values.getFirst().isEmpty() ? values.getFirst() : null;
  }

  /**
   * The bytes of a Standard Webhooks secret.
   *
   * @throws IllegalArgumentException when it is no base64
   */
  static byte[] key(String secret) {
    String base64 = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
    return Base64.getDecoder().decode(base64);
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
