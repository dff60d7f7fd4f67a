package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The order desk on a server: its agent, tools and bot, set up as a user does it, over the REST
 * API.
 *
 * @param webhook where Telegram would post updates
 * @param secret what it would show there
 * @param integration id of the bot's integration
 */
record Desk(URI webhook, String secret, String integration) {

  static Desk setUp(ServerApi api, LocalBotApi bot, ToolServer tools) throws InterruptedException {
    ObjectNode agent =
        Json.object()
            .put("handle", Story.AGENT)
            .put("name", "Rook")
            .put("instructions", "You answer at the order desk of a small shop.");
    for (Story.DeskTool tool : Story.TOOLS) {
      api.post("/api/v1/tools", tool.definition(tools));
      if (!tool.asks()) {
        agent.withArray("/tools").add(tool.name());
      }
    }
    api.post("/api/v1/agents", agent);
    for (Story.DeskTool tool : Story.TOOLS) {
      if (tool.asks()) {
        rule(api, tool.name(), "ask");
      }
    }
    String secret = HexFormat.of().formatHex(random());
    ObjectNode integration = Json.object().put("channel", "telegram").put("name", "Order desk");
    integration.putArray("agents").add(Story.AGENT);
    integration
        .putObject("config")
        .put("mode", "webhook")
        .put("base_url", bot.baseUrl().toString())
        .put("public_url", api.server().toString());
    integration
        .putObject("secrets")
        .put("bot_token", bot.bot().token())
        .put("webhook_secret", secret);
    JsonNode created = api.post("/api/v1/integrations", integration);
    URI webhook = api.server().resolve(created.path("webhook_path").asText());
    return new Desk(webhook, secret, created.path("id").asText());
  }

  /** What the agent may do from now on. */
  static void rule(ServerApi api, String rule, String verdict) throws InterruptedException {
    api.post(
        "/api/v1/agents/" + Story.AGENT + "/rules",
        Json.object().put("rule", rule).put("verdict", verdict));
  }

  /** From now on this user of Telegram speaks for the organization. */
  void member(ServerApi api, long user) throws InterruptedException {
    api.put("/api/v1/integrations/" + integration + "/members/" + user, Json.object());
  }

  private static byte[] random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Delivers an update as Telegram does; the HTTP status. */
  int deliver(LocalBotApi bot, JsonNode update) {
    HttpResponse<String> response = bot.post(webhook, secret, update);
    return response.statusCode();
  }

  int forge(LocalBotApi bot, JsonNode update) {
    return bot.post(webhook, "wrong-" + secret.length(), update).statusCode();
  }
}
