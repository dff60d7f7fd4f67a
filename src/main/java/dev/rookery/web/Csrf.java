package dev.rookery.web;

import dev.rookery.kernel.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a form was sent by a page that we made: a token bound to the form, and where the
 * browser says that the request comes from.
 */
final class Csrf {
  private static final String ALGORITHM = "HmacSHA256";
  private final SecretKeySpec key;

  Csrf() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** The token of a form; of this process only. */
  String token(String form) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] tag = mac.doFinal(form.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  boolean genuine(String form, @Nullable String given) {
    return given != null && Digest.sameSecret(given, token(form));
  }

  /**
   * Whether the browser says that our own page sent this.
   *
   * @param fetchSite header Sec-Fetch-Site, which pages cannot set (Fetch Metadata)
   * @param origin header Origin, for browsers without the former
   * @param host header Host
   */
  static boolean sameOrigin(
      @Nullable String fetchSite, @Nullable String origin, @Nullable String host) {
    if (fetchSite != null) {
      return fetchSite.equals("same-origin");
    }
    if (origin != null) {
      int scheme = origin.indexOf("://");
      return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }
    return true;
  }
}
