package dev.rookery.channels.telegram;

import dev.rookery.integrations.Integration;
import dev.rookery.secrets.Vault;
import java.util.Optional;

/** Opens the sealed fields of an integration. */
record TelegramSecrets(Vault vault) {
  static final String TOKEN = "bot_token";
  static final String WEBHOOK_SECRET = "webhook_secret";

  /** The second active secret while a rotation is under way. */
  static final String NEXT_WEBHOOK_SECRET = "webhook_secret_next";

  /**
   * @throws Vault.BadSecret when the envelope does not open
   */
  Optional<String> open(Integration integration, String field) {
    String envelope = integration.sealed().get(field);
    if (envelope == null || envelope.isEmpty()) {
      return Optional.empty();
    }
    var place = new Vault.Field(integration.org(), "integration", field, integration.id().value());
    String secret = vault.open(place, envelope);
    return secret.isEmpty() ? Optional.empty() : Optional.of(secret);
  }
}
