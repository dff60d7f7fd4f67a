package dev.rookery.webhooks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a caller proves itself besides knowing the URL. */
public enum Signature {
  /** The URL is all. */
  NONE,
  /** {@code X-Hub-Signature-256} or {@code X-Rookery-Signature: sha256=<hex>}, over the body. */
  SHA256,
  /** Standard Webhooks: id, timestamp and body, with a tolerance of five minutes. */
  STANDARD;

  /** Spelling in JSON. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Signature> of(String spelled) {
    return Arrays.stream(values()).filter(s -> s.spelled().equals(spelled)).findFirst();
  }

  static List<String> all() {
    return Arrays.stream(values()).map(Signature::spelled).toList();
  }
}
