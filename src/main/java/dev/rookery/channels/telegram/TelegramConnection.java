package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.ChannelSetup;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connects bots: checks the token, learns the bot's name, and tells Telegram how updates reach us.
 */
public final class TelegramConnection implements ChannelSetup {
  private static final String TOKEN = "bot_token";
  private static final String SECRET = "webhook_secret";
  private static final String MODE = "mode";
  private static final String WEBHOOK = "webhook";
  private static final String POLL = "poll";
  private static final int SECRET_BYTES = 32;

  private final TelegramSetup setup;
  private final SecureRandom random = new SecureRandom();

  public TelegramConnection(TelegramSetup setup) {
    this.setup = setup;
  }

  @Override
  public String channel() {
    return TelegramSettings.CHANNEL;
  }

  @Override
  public NewIntegration complete(NewIntegration wish) {
    if (!wish.secrets().containsKey(TOKEN)) {
      throw Refusal.badInput(
          "bot-token-missing",
          "A Telegram integration needs the secret '%s', which @BotFather gives you.",
          TOKEN);
    }
    ObjectNode config = wish.config();
    String mode = config.path(MODE).asText(POLL);
    if (!mode.equals(WEBHOOK) && !mode.equals(POLL)) {
      throw Refusal.badInput(
          "bad-mode", "config.mode is 'webhook' or 'poll', not '%s'.", config.path(MODE).asText());
    }
    config.put(MODE, mode);
    Map<String, String> secrets = new HashMap<>(wish.secrets());
    secrets.computeIfAbsent(SECRET, _ -> secret());
    return new NewIntegration(wish.channel(), wish.name(), config, secrets, wish.agents());
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public ObjectNode connect(Integration draft, @Nullable URI webhook) {
    TelegramSetup.Bot bot = fine(setup.identify(draft));
    String mode = draft.config().path(MODE).asText(POLL);
    if (mode.equals(POLL)) {
      fine(setup.disconnect(draft));
    } else if (webhook != null) {
      fine(setup.connect(draft, webhook));
    }
    return Json.object().put("bot_id", bot.id()).put("bot_username", bot.username());
  }

  private static <T> T fine(TelegramSetup.Outcome<T> outcome) {
    return switch (outcome) {
      case TelegramSetup.Outcome.Fine<T>(T value) -> value;
      case TelegramSetup.Outcome.Failed<T>(String code, String cause, boolean retryable) ->
          throw new Refusal(
              retryable ? Refusal.Kind.UNAVAILABLE : Refusal.Kind.BAD_INPUT,
              "telegram-" + code.replace('_', '-'),
              "Telegram said: "
                  + cause
                  + ". Nothing was stored; "
                  + (retryable ? "try again." : "check the bot token."));
    };
  }

  @Override
  public Health test(Integration integration) {
    ObjectNode facts = Json.object().put(MODE, integration.config().path(MODE).asText(POLL));
    return switch (setup.identify(integration)) {
      case TelegramSetup.Outcome.Failed<TelegramSetup.Bot>(String code, String cause, _) ->
          new Health(facts, "Telegram refused the bot (" + code + "): " + cause);
      case TelegramSetup.Outcome.Fine<TelegramSetup.Bot>(TelegramSetup.Bot bot) ->
          inspected(
              integration,
              facts
                  .put("bot", "@" + bot.username())
                  .put("bot_id", bot.id())
                  .put("reads_all_group_messages", bot.readsGroups()));
    };
  }

  private Health inspected(Integration integration, ObjectNode facts) {
    return switch (setup.inspect(integration)) {
      case TelegramSetup.Outcome.Failed<TelegramSetup.Webhook>(String code, String cause, _) ->
          new Health(facts, "The webhook cannot be inspected (" + code + "): " + cause);
      case TelegramSetup.Outcome.Fine<TelegramSetup.Webhook>(TelegramSetup.Webhook webhook) ->
          judged(facts, webhook);
    };
  }

  private static Health judged(ObjectNode facts, TelegramSetup.Webhook webhook) {
    boolean polls = facts.path(MODE).asText().equals(POLL);
    facts.put("webhook_url", webhook.url()).put("pending_updates", webhook.pending());
    facts.put("last_error", webhook.lastError());
    if (!polls && webhook.url().isEmpty()) {
      return new Health(
          facts,
          "Telegram has no webhook for this bot. Start the server with --public-url https://… and create the integration again, or use mode poll.");
    }
    if (!polls && webhook.lastError() != null) {
      return new Health(facts, "Telegram's last delivery failed: " + webhook.lastError());
    }
    return new Health(facts, null);
  }
}
