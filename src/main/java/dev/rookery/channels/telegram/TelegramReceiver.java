package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Receiver;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Updates from Telegram, pushed to our webhook; the same parser serves {@link TelegramPoller}. */
public final class TelegramReceiver implements Receiver {
  private final BotApi api;
  private final WebhookSecret secret;
  private final UpdateReader reader;

  public TelegramReceiver(BotApi api, InstantSource clock) {
    this.api = api;
    this.secret = new WebhookSecret(api.secrets());
    this.reader = new UpdateReader(clock);
  }

  @Override
  public String channel() {
    return TelegramSettings.CHANNEL;
  }

  @Override
  public Reception receive(
      Integration integration, byte[] body, Map<String, List<String>> headers) {
    var refused = secret.refuse(integration, headers);
    if (refused.isPresent()) {
      return refused.get();
    }
    try {
      return receiveTrusted(integration, Json.parse(body));
    } catch (Refusal | UncheckedIOException e) {
      return new Reception.Rejected(
          400, "malformed_json", "The update is not one JSON object; nothing was recorded.");
    }
  }

  /** An update that needs no proof, because we fetched it ourselves. */
  Reception receiveTrusted(Integration integration, JsonNode update) {
    JsonNode press = update.path(ButtonReader.KIND).path("id");
    if (press.isTextual()) {
      Thread.startVirtualThread(() -> acknowledge(integration, press.textValue()));
    }
    return reader.read(integration, update);
  }

  /** Ends the waiting sign on a pressed button. What came of it is said as a message. */
  private void acknowledge(Integration integration, String press) {
    api.call(integration, "answerCallbackQuery", Json.object().put("callback_query_id", press));
  }

  /**
   * getFile, then the file. The Bot API itself gives at most 20 MB; our limit is {@code
   * download_limit} of the integration.
   */
  @Override
  public Download download(Integration integration, Inbound.Attachment attachment) {
    long limit = TelegramSettings.of(integration).downloadLimit();
    if (attachment.size() > limit) {
      return new Download.TooLarge(limit);
    }
    var parameters = Json.object().put("file_id", attachment.remoteId());
    return switch (api.call(integration, "getFile", parameters)) {
      case BotApi.Answer.Ok(JsonNode file) -> fetch(integration, file, attachment, limit);
      case BotApi.Answer.Refused refused -> refused(refused, limit);
      case BotApi.Answer.Unreadable(_, String cause) -> new Download.Retry(null, cause);
      case BotApi.Answer.NotReached(String cause) -> new Download.Retry(null, cause);
      case BotApi.Answer.Lost(String cause) -> new Download.Retry(null, cause);
      case BotApi.Answer.NotReady(_, String cause) -> new Download.Gone(cause);
    };
  }

  private static Download refused(BotApi.Answer.Refused refused, long limit) {
    Duration after = refused.retryAfter();
    if (refused.status() == 429 || refused.status() >= 500) {
      return new Download.Retry(after, refused.description());
    }
    return refused.description().contains("file is too big")
        ? new Download.TooLarge(Math.min(limit, 20L << 20))
        : new Download.Gone(refused.description());
  }

  private Download fetch(
      Integration integration, JsonNode file, Inbound.Attachment attachment, long limit) {
    if (file.path("file_size").asLong(0) > limit) {
      return new Download.TooLarge(limit);
    }
    return switch (api.fetch(integration, file.path("file_path").asText(""), limit)) {
      case BotApi.Fetch.Not(String cause) -> new Download.Retry(null, cause);
      case BotApi.Fetch.Done(BotApi.Fetched(int status, var body)) -> {
        if (status == 429 || status >= 500) {
          yield new Download.Retry(null, "The file server answered " + status + ".");
        }
        if (status != 200) {
          yield new Download.Gone("The file server answered " + status + ".");
        }
        yield body == null
            ? new Download.TooLarge(limit)
            : new Download.Bytes(body, attachment.mediaType(), attachment.name());
      }
    };
  }
}
