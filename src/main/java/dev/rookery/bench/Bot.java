package dev.rookery.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.kernel.Json;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Telegram bot that a measured server is connected to, and the updates for its webhook.
 *
 * @param hook where updates are posted
 */
record Bot(URI hook, AtomicLong numbers) {
  static final String SECRET = "bench-webhook-secret";
  static final String SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token";

  /** Ids stay of one length, so that all updates are equally long. */
  private static final long FIRST = 1_000_000_000L;

  /** Connects the server to the Bot API, for an agent that is made first, or for none. */
  static Bot connect(ServerProcess server, LocalBotApi api, boolean withAgent)
      throws InterruptedException {
    String name = BenchEnvironment.HANDLE + Long.toString(System.nanoTime(), 36);
    ObjectNode wish = Json.object().put("channel", "telegram").put("name", name);
    if (withAgent) {
      ObjectNode agent = Json.object().put("handle", name).put("instructions", "Answer briefly.");
      agent.putArray("tools").add("current_time");
      wish.putArray("agents").add(server.post("/api/v1/agents", agent).path("id").asText());
    }
    wish.putObject("config")
        .put("mode", "webhook")
        .put("base_url", api.baseUrl().toString())
        .put("public_url", server.url().toString());
    wish.putObject("secrets").put("bot_token", api.bot().token()).put("webhook_secret", SECRET);
    JsonNode made = server.post("/api/v1/integrations", wish);
    URI hook = server.url().resolve(made.path("webhook_path").asText());
    return new Bot(hook, new AtomicLong(FIRST));
  }

  /** A private message of this person, never sent before. */
  String update(long person, String text) {
    return String.format(
        Locale.ROOT,
        """
        {"update_id":%1$d,"message":{"message_id":%1$d,"date":%2$d,
         "from":{"id":%3$d,"is_bot":false,"first_name":"Ada","last_name":"Byron","username":"ada","language_code":"en"},
         "chat":{"id":%3$d,"first_name":"Ada","last_name":"Byron","username":"ada","type":"private"},
         "text":"%4$s"}}
        """,
        numbers.getAndIncrement(),
        System.currentTimeMillis() / 1000,
        person,
        text);
  }

  /** How many updates were made. */
  long sent() {
    return numbers.get() - FIRST;
  }
}
