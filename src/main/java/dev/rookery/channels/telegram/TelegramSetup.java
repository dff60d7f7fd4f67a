package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.secrets.Vault;
import java.net.URI;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Connects a bot, and tells how it fares. Serves {@code integrations create} and the doctor. */
public final class TelegramSetup {
  private final BotApi api;

  public TelegramSetup(BotApi api) {
    this.api = api;
  }

  /**
   * Who the token belongs to. Goes into the integration's config as {@code bot_id} and {@code
   * bot_username}.
   *
   * @param readsGroups whether it sees group messages that do not address it (privacy mode off)
   */
  public record Bot(long id, String username, String name, boolean readsGroups) {}

  /**
   * The webhook as Telegram sees it.
   *
   * @param url empty when updates are polled
   * @param pending updates that wait to be taken
   */
  public record Webhook(
      String url, int pending, @Nullable String lastError, @Nullable Instant lastErrorAt) {}

  /** The answer, or why there is none. */
  public sealed interface Outcome<T> {
    record Fine<T>(T value) implements Outcome<T> {}

    /**
     * @param retryable whether the same call may go well later, unchanged
     */
    record Failed<T>(String code, String cause, boolean retryable) implements Outcome<T> {}
  }

  /** getMe: does the token work, and who is it? The integration need not be stored yet. */
  public Outcome<Bot> identify(Integration integration) {
    return outcome(
        api.call(integration, "getMe", Json.object()),
        me ->
            new Bot(
                me.path("id").asLong(0),
                me.path("username").asText(""),
                Text.clean(me.path("first_name").asText("")),
                me.path("can_read_all_group_messages").asBoolean(false)));
  }

  /**
   * setWebhook with the integration's own secret ({@code webhook_secret_next} when a rotation is
   * under way).
   */
  public Outcome<Boolean> connect(Integration integration, URI url) {
    String secret;
    try {
      secret =
          api.secret(integration, TelegramSecrets.NEXT_WEBHOOK_SECRET)
              .or(() -> api.secret(integration, TelegramSecrets.WEBHOOK_SECRET))
              .orElse("");
    } catch (Vault.BadSecret e) {
      return new Outcome.Failed<>(
          "secret_unreadable",
          "The webhook secret of " + integration.id() + " does not open; set it again.",
          false);
    }
    if (!WebhookSecret.wellFormed(secret)) {
      return new Outcome.Failed<>(
          "secret_not_configured",
          integration.id() + " has no webhook secret of 1 to 256 A-Z, a-z, 0-9, _ and -; set one.",
          false);
    }
    ObjectNode parameters = Json.object().put("url", url.toString()).put("secret_token", secret);
    UpdateReader.WANTED.stream().sorted().forEach(parameters.withArray("/allowed_updates")::add);
    return outcome(
        api.call(integration, "setWebhook", parameters), result -> result.asBoolean(false));
  }

  /** deleteWebhook; what is pending is kept, for the poller. */
  public Outcome<Boolean> disconnect(Integration integration) {
    return outcome(
        api.call(integration, "deleteWebhook", Json.object()), result -> result.asBoolean(false));
  }

  /** getWebhookInfo: pending updates and Telegram's last error with us. */
  public Outcome<Webhook> inspect(Integration integration) {
    return outcome(
        api.call(integration, "getWebhookInfo", Json.object()),
        info ->
            new Webhook(
                info.path("url").asText(""),
                info.path("pending_update_count").asInt(0),
                info.hasNonNull("last_error_message")
                    ? Text.brief(Text.clean(info.path("last_error_message").asText("")), 300)
                    : null,
                info.path("last_error_date").canConvertToInt()
                    ? Instant.ofEpochSecond(info.path("last_error_date").asLong())
                    : null));
  }

  private static <T> Outcome<T> outcome(BotApi.Answer answer, Function<JsonNode, T> read) {
    return switch (answer) {
      case BotApi.Answer.Ok(JsonNode result) -> new Outcome.Fine<>(read.apply(result));
      case BotApi.Answer.Refused refused -> refused(refused);
      case BotApi.Answer.Unreadable(int status, String cause) ->
          new Outcome.Failed<>("http_" + status, cause, status >= 500);
      case BotApi.Answer.NotReached(String cause) ->
          new Outcome.Failed<>("not_reached", cause, true);
      case BotApi.Answer.Lost(String cause) -> new Outcome.Failed<>("no_answer", cause, true);
      case BotApi.Answer.NotReady(String code, String cause) ->
          new Outcome.Failed<>(code, cause, false);
    };
  }

  private static <T> Outcome<T> refused(BotApi.Answer.Refused refused) {
    int status = refused.status();
    boolean token = status == 401 || status == 404;
    return new Outcome.Failed<>(
        token ? "token_revoked" : "refused_" + status,
        refused.description(),
        status == 429 || status >= 500);
  }
}
