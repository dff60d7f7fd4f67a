package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.ChannelSetup;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The set-up of the channel telegram as a test wants it: no calls, and it refuses on request. */
final class FaxSetup implements ChannelSetup {
  volatile @Nullable URI webhook;

  @Override
  public String channel() {
    return "telegram";
  }

  @Override
  public NewIntegration complete(NewIntegration wish) {
    if (!wish.secrets().containsKey("bot_token")) {
      throw Refusal.badInput("bot-token-missing", "The secret bot_token is missing.");
    }
    Map<String, String> secrets = new HashMap<>(wish.secrets());
    secrets.putIfAbsent("webhook_secret", "generated-1");
    return new NewIntegration(wish.channel(), wish.name(), wish.config(), secrets, wish.agents());
  }

  @Override
  public ObjectNode connect(Integration draft, @Nullable URI at) {
    if (draft.config().path("refuse").asBoolean()) {
      throw Refusal.badInput("telegram-token-revoked", "Telegram said: Unauthorized.");
    }
    webhook = at;
    return Json.object().put("bot_username", "rook_bot");
  }

  @Override
  public Health test(Integration integration) {
    boolean ill = integration.name().contains("ill");
    return new Health(Json.object().put("bot", "@rook_bot"), ill ? "It does not answer." : null);
  }
}
