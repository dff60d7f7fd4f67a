package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.delivery.Choice;
import dev.rookery.delivery.Sender;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages to Telegram. Telegram has no idempotency key and nothing to look a message up with, so
 * whatever may have arrived is {@link Receipt.Unknown} and held for a person.
 */
public final class TelegramSender implements Sender {
  private final BotApi api;

  public TelegramSender(BotApi api) {
    this.api = api;
  }

  @Override
  public String channel() {
    return TelegramSettings.CHANNEL;
  }

  /** Parts of at most 4096 UTF-16 units after rendering; one empty part when nothing is said. */
  @Override
  public List<String> split(String markdown) {
    return MessageParts.of(markdown);
  }

  @Override
  public Receipt deliver(Integration integration, Outbound message) {
    Address address = Address.parse(message.address()).orElse(null);
    if (address == null) {
      return new Receipt.Failed(
          "bad_address", "'" + message.address() + "' is not a Telegram chat or chat/thread.");
    }
    Rendered rendered = Rendered.of(message.markdown());
    if (rendered.text().isBlank()) {
      return new Receipt.Failed("message_empty", "There is no text to send.");
    }
    ObjectNode request = request(address, message.replyTo());
    request.put("text", rendered.html()).put("parse_mode", "HTML");
    addButtons(request, message.choices());
    BotApi.Answer answer = api.call(integration, "sendMessage", request);
    if (refusedMarkup(answer)) {
      // Certainly not sent, so saying it again without markup cannot say it twice.
      request.remove("parse_mode");
      answer = api.call(integration, "sendMessage", request.put("text", rendered.text()));
    }
    return receipt(answer, address);
  }

  @Override
  public void indicate(Integration integration, String address) {
    Address.parse(address)
        .ifPresent(
            place ->
                api.call(
                    integration, "sendChatAction", request(place, null).put("action", "typing")));
  }

  private static ObjectNode request(Address address, @Nullable String replyTo) {
    ObjectNode request = Json.object();
    if (address.chat().startsWith("@")) {
      request.put("chat_id", address.chat());
    } else {
      request.put("chat_id", Long.parseLong(address.chat()));
    }
    if (address.thread() != null) {
      request.put("message_thread_id", Long.parseLong(address.thread()));
    }
    if (replyTo != null && replyTo.matches("[0-9]{1,18}")) {
      request
          .putObject("reply_parameters")
          .put("message_id", Long.parseLong(replyTo))
          .put("allow_sending_without_reply", true);
    }
    return request;
  }

  /** One button below the other, so that labels are not cut on small screens. */
  private static void addButtons(ObjectNode request, List<Choice> choices) {
    if (!choices.isEmpty()) {
      ArrayNode rows = request.putObject("reply_markup").putArray("inline_keyboard");
      choices.forEach(
          choice ->
              rows.addArray()
                  .addObject()
                  .put("text", choice.label())
                  .put("callback_data", choice.value()));
    }
  }

  private static boolean refusedMarkup(BotApi.Answer answer) {
    return answer instanceof BotApi.Answer.Refused refused
        && refused.status() == 400
        && refused.description().contains("can't parse entities");
  }

  private static Receipt receipt(BotApi.Answer answer, Address address) {
    return switch (answer) {
      case BotApi.Answer.Ok(JsonNode message) ->
          message.path("message_id").canConvertToLong()
              ? new Receipt.Sent(message.path("message_id").asText())
              : new Receipt.Unknown("Telegram answered ok without a message id.");
      case BotApi.Answer.NotReached(String cause) -> new Receipt.Retry(null, cause);
      case BotApi.Answer.Lost(String cause) -> new Receipt.Unknown(cause);
      case BotApi.Answer.NotReady(String code, String cause) -> new Receipt.Failed(code, cause);
      case BotApi.Answer.Unreadable(int status, String cause) -> unreadable(status, cause);
      case BotApi.Answer.Refused refused -> refused(refused, address);
    };
  }

  /** A gateway in between, or half an answer. Only a 4xx says that nothing was done. */
  private static Receipt unreadable(int status, String cause) {
    if (status == 429) {
      return new Receipt.Retry(null, cause);
    }
    return status >= 300 && status < 500
        ? new Receipt.Failed("http_" + status, cause)
        : new Receipt.Unknown(cause);
  }

  private static Receipt refused(BotApi.Answer.Refused refused, Address address) {
    String cause = refused.description();
    if (refused.migrateTo() != null) {
      return new Receipt.Moved(address.movedTo(refused.migrateTo()));
    }
    if (refused.status() == 429) {
      return new Receipt.Retry(refused.retryAfter(), cause);
    }
    if (refused.status() >= 500) {
      // Telegram's own errors come after the message was taken, too.
      return new Receipt.Unknown("Telegram answered " + refused.status() + ": " + cause);
    }
    return new Receipt.Failed(code(refused.status(), cause.toLowerCase(Locale.ROOT)), cause);
  }

  private record Reason(String words, String code) {}

  private static final List<Reason> REASONS =
      List.of(
          new Reason("blocked by the user", "bot_blocked"),
          new Reason("user is deactivated", "user_deactivated"),
          new Reason("bot was kicked", "bot_kicked"),
          new Reason("not a member", "bot_not_member"),
          new Reason("can't initiate conversation", "chat_not_started"),
          new Reason("chat not found", "chat_not_found"),
          new Reason("message thread not found", "thread_not_found"),
          new Reason("topic_closed", "thread_closed"),
          new Reason("message is too long", "message_too_long"),
          new Reason("text is empty", "message_empty"),
          new Reason("not enough rights", "no_rights"));

  /** Codes by the Bot API's descriptions, which are all it gives. */
  private static String code(int status, String description) {
    if (status == 401 || status == 404) {
      // An unknown token is 401, one without its form 404.
      return "token_revoked";
    }
    return REASONS.stream()
        .filter(reason -> description.contains(reason.words()))
        .map(Reason::code)
        .findFirst()
        .orElse(status == 403 ? "forbidden" : "refused_" + status);
  }
}
