package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.secrets.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Integrations for tests, with secrets sealed as in life. */
final class Bots {
  static final String SECRET = "right_Secret-1";
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final LocalBotApi.Bot ROOK =
      new LocalBotApi.Bot(424242, "rookery_bot", "Rook", "424242:unused");
  static final Vault VAULT = new PlainVault();
  static final OrgId ORG = OrgId.next();
  static final IntegrationId ID = IntegrationId.next();

  private Bots() {}

  static Integration withSecrets(Map<String, String> secrets) {
    return integration("http://127.0.0.1:1", secrets);
  }

  static Integration at(LocalBotApi server) {
    return integration(
        server.baseUrl().toString(),
        Map.of("bot_token", server.bot().token(), "webhook_secret", SECRET));
  }

  static Integration integration(String baseUrl, Map<String, String> secrets) {
    ObjectNode config =
        Json.object()
            .put("base_url", baseUrl)
            .put("bot_id", ROOK.id())
            .put("bot_username", ROOK.username());
    Map<String, String> sealed = new HashMap<>();
    secrets.forEach(
        (name, secret) ->
            sealed.put(
                name, VAULT.seal(new Vault.Field(ORG, "integration", name, ID.value()), secret)));
    return new Integration(ORG, ID, "telegram", "Rook", config, sealed, List.of(), true);
  }

  static BotApi api() {
    return new BotApi(VAULT, new BotApi.Patience(Duration.ofMillis(500), Duration.ofMillis(1500)));
  }
}
