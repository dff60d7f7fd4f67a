package dev.rookery.orgs;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes what only its owner knows. */
final class Tokens {
  private static final String PREFIX_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int PREFIX_LENGTH = 8;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Tokens() {}

  /** 256 random bits in 43 characters of base64url. */
  static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Eight letters and digits by which people and the database find a key. Not secret. */
  static String prefix() {
    StringBuilder prefix = new StringBuilder(PREFIX_LENGTH);
    for (int i = 0; i < PREFIX_LENGTH; i++) {
      prefix.append(PREFIX_LETTERS.charAt(RANDOM.nextInt(PREFIX_LETTERS.length())));
    }
    return prefix.toString();
  }
}
