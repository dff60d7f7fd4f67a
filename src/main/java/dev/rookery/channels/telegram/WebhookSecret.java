package dev.rookery.channels.telegram;

import dev.rookery.inbox.Receiver.Reception.Rejected;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Digest;
import dev.rookery.secrets.Vault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proves that an update comes from Telegram: the secret we gave to setWebhook comes back in a
 * header (Bot API, "setWebhook"; spec 04, "Inbound").
 */
record WebhookSecret(TelegramSecrets secrets) {
  static final String HEADER = "x-telegram-bot-api-secret-token";
  private static final int MAX_LENGTH = 256;

  /** Why the delivery is refused, or nothing. */
  Optional<Rejected> refuse(Integration integration, Map<String, List<String>> headers) {
    List<String> active;
    try {
      active = active(integration);
    } catch (Vault.BadSecret e) {
      return Optional.of(
          new Rejected(
              503,
              "secret_unreadable",
              "The webhook secret of " + integration.id() + " does not open; set it again."));
    }
    if (active.isEmpty()) {
      return Optional.of(
          new Rejected(
              503,
              "secret_not_configured",
              integration.id() + " has no webhook secret, so its endpoint is off; set one."));
    }
    return refuse(headers.getOrDefault(HEADER, List.of()), active);
  }

  private List<String> active(Integration integration) {
    return Stream.of(TelegramSecrets.WEBHOOK_SECRET, TelegramSecrets.NEXT_WEBHOOK_SECRET)
        .flatMap(field -> secrets.open(integration, field).stream())
        .filter(WebhookSecret::wellFormed)
        .toList();
  }

  private static Optional<Rejected> refuse(List<String> given, List<String> active) {
    if (given.isEmpty()) {
      return unauthorised("secret_missing", "The header " + HEADER + " is missing.");
    }
    if (given.size() > 1) {
      return unauthorised("secret_duplicated", "The header " + HEADER + " came more than once.");
    }
    String secret = given.getFirst();
    if (secret.isEmpty()) {
      return unauthorised("secret_empty", "The header " + HEADER + " is empty.");
    }
    if (!wellFormed(secret)) {
      return unauthorised(
          "secret_malformed",
          "The header " + HEADER + " is not 1 to 256 characters of A-Z, a-z, 0-9, _ and -.");
    }
    boolean genuine = false;
    for (String expected : active) {
      genuine |= Digest.sameSecret(secret, expected);
    }
    return genuine
        ? Optional.empty()
        : unauthorised("secret_wrong", "The header " + HEADER + " is not the secret we set.");
  }

  private static Optional<Rejected> unauthorised(String code, String why) {
    return Optional.of(new Rejected(401, code, why));
  }

  static boolean wellFormed(String secret) {
    return !secret.isEmpty()
        && secret.length() <= MAX_LENGTH
        && secret
            .chars()
            .allMatch(
                c ->
                    (c >= 'A' && c <= 'Z')
                        || (c >= 'a' && c <= 'z')
                        || (c >= '0' && c <= '9')
                        || c == '_'
                        || c == '-');
  }
}
