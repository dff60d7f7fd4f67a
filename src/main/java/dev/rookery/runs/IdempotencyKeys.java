package dev.rookery.runs;

import dev.rookery.kernel.RunId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys that name one exact call for ever: {@code base32(HMAC-SHA256(secret, run | seq | tool |
 * canonical arguments))} (spec 02). Never derived from a model's prose, and not to be guessed from
 * outside.
 */
public final class IdempotencyKeys {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private final byte[] secret;

  /** The secret is the node's own, the same on all nodes of a database. */
  public IdempotencyKeys(byte[] secret) {
    this.secret = secret.clone();
  }

  String of(RunId run, int seq, String tool, String canonicalArguments) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String call = run.value() + '|' + seq + '|' + tool + '|' + canonicalArguments;
      return base32(mac.doFinal(call.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** The key of a call that another run makes anew: as hard to guess as the first one's. */
  static String anew(String key, RunId run) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return base32(digest.digest((key + '|' + run.value()).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** RFC 4648 base32, lower case, without padding. */
  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 8 / 5 + 1);
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = (buffer << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((buffer >> bits) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }
}
