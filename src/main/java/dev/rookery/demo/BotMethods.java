package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.LocalBotApi.Button;
import dev.rookery.demo.LocalBotApi.Message;
import dev.rookery.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The methods of the Bot API that Rookery calls, with the real one's checks and descriptions. */
final class BotMethods {
  static final int TEXT_LIMIT = 4096;
  private static final int DATA_LIMIT = 64;
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");
  private static final Pattern CHAT = Pattern.compile("-?[0-9]{1,18}|@[A-Za-z0-9_]+");
  private static final Pattern INVISIBLE = Pattern.compile("[\\s\\p{Cf}\\p{Cc}]*");
  private static final Set<String> ACTIONS =
      Set.of(
          "typing",
          "upload_photo",
          "record_video",
          "upload_video",
          "record_voice",
          "upload_voice",
          "upload_document",
          "choose_sticker",
          "find_location");

  private final BotLedger ledger;
  private final LocalBotApi.Bot bot;

  BotMethods(BotLedger ledger, LocalBotApi.Bot bot) {
    this.ledger = ledger;
    this.bot = bot;
  }

  BotAnswer call(String method, JsonNode parameters) throws InterruptedException {
    try {
      return switch (method.toLowerCase(Locale.ROOT)) {
        case "getme" -> BotAnswer.ok(me());
        case "sendmessage" -> sendMessage(parameters);
        case "editmessagetext" -> editMessageText(parameters);
        case "sendchataction" -> sendChatAction(parameters);
        case "answercallbackquery" -> answerCallbackQuery(parameters);
        case "getupdates" -> getUpdates(parameters);
        case "setwebhook" -> setWebhook(parameters);
        case "deletewebhook" -> deleteWebhook(parameters);
        case "getwebhookinfo" -> BotAnswer.ok(webhookInfo());
        case "getfile" -> getFile(parameters);
        default -> BotAnswer.error(404, "Not Found: method not found");
      };
    } catch (EntityText.Unparsable e) {
      return BotAnswer.badRequest(e.why());
    }
  }

  private ObjectNode me() {
    return Json.object()
        .put("id", bot.id())
        .put("is_bot", true)
        .put("first_name", bot.name())
        .put("username", bot.username())
        .put("can_join_groups", true)
        .put("can_read_all_group_messages", false)
        .put("supports_inline_queries", false);
  }

  private BotAnswer sendMessage(JsonNode parameters) {
    String chat = parameters.path("chat_id").asText("");
    if (chat.isEmpty()) {
      return BotAnswer.badRequest("chat_id is empty");
    }
    if (!CHAT.matcher(chat).matches()) {
      return BotAnswer.badRequest("chat not found");
    }
    EntityText.Parsed text = text(parameters);
    Optional<BotAnswer> refused = refuse(text);
    if (refused.isPresent()) {
      return refused.get();
    }
    Message message =
        new Message(
            0,
            chat,
            parameters.path("message_thread_id").asLong(0),
            parameters.path("reply_parameters").path("message_id").asLong(0),
            parameters.path("parse_mode").asText(""),
            text.text(),
            text.entities(),
            0);
    List<Button> buttons = buttons(parameters.path("reply_markup"));
    if (buttons.stream().anyMatch(BotMethods::isBad)) {
      return BotAnswer.badRequest("BUTTON_DATA_INVALID");
    }
    return BotAnswer.ok(json(ledger.add(message, buttons)));
  }

  private static List<Button> buttons(JsonNode markup) {
    return markup
        .path("inline_keyboard")
        .valueStream()
        .flatMap(JsonNode::valueStream)
        .map(b -> new Button(b.path("text").asText(""), b.path("callback_data").asText("")))
        .toList();
  }

  private static boolean isBad(Button button) {
    int bytes = button.data().getBytes(StandardCharsets.UTF_8).length;
    return button.text().isBlank() || bytes == 0 || bytes > DATA_LIMIT;
  }

  private BotAnswer editMessageText(JsonNode parameters) {
    EntityText.Parsed text = text(parameters);
    Optional<BotAnswer> refused = refuse(text);
    if (refused.isPresent()) {
      return refused.get();
    }
    String chat = parameters.path("chat_id").asText("");
    return ledger
        .edit(chat, parameters.path("message_id").asLong(), text)
        .map(message -> BotAnswer.ok(json(message)))
        .orElseGet(() -> BotAnswer.badRequest("message to edit not found"));
  }

  private static EntityText.Parsed text(JsonNode parameters) {
    String source = parameters.path("text").asText("");
    return switch (parameters.path("parse_mode").asText("")) {
      case "" -> EntityText.plain(source);
      case "HTML" -> EntityText.html(source);
      case String other ->
          throw new EntityText.Unparsable("parse mode " + other + " is not spoken here");
    };
  }

  private static Optional<BotAnswer> refuse(EntityText.Parsed text) {
    if (INVISIBLE.matcher(text.text()).matches()) {
      return Optional.of(BotAnswer.badRequest("message text is empty"));
    }
    if (text.text().strip().length() > TEXT_LIMIT) {
      return Optional.of(BotAnswer.badRequest("message is too long"));
    }
    return Optional.empty();
  }

  private ObjectNode json(Message message) {
    ObjectNode json = Json.object().put("message_id", message.id());
    json.set("from", me());
    ObjectNode chat = json.putObject("chat");
    if (message.chat().startsWith("@")) {
      chat.put("username", message.chat().substring(1)).put("type", "channel");
    } else {
      long id = Long.parseLong(message.chat());
      chat.put("id", id).put("type", id < 0 ? "supergroup" : "private");
    }
    json.put("date", Instant.now().getEpochSecond()).put("text", message.text());
    if (message.thread() != 0) {
      json.put("message_thread_id", message.thread());
    }
    if (!message.entities().isEmpty()) {
      json.set("entities", message.entities());
    }
    return json;
  }

  private static BotAnswer sendChatAction(JsonNode parameters) {
    return ACTIONS.contains(parameters.path("action").asText(""))
        ? BotAnswer.done()
        : BotAnswer.badRequest("wrong parameter action in request");
  }

  private static BotAnswer answerCallbackQuery(JsonNode parameters) {
    return parameters.path("callback_query_id").asText("").isEmpty()
        ? BotAnswer.badRequest(
            "query is too old and response timeout expired or query ID is invalid")
        : BotAnswer.done();
  }

  private BotAnswer getUpdates(JsonNode parameters) throws InterruptedException {
    if (!ledger.webhook().url().isEmpty()) {
      return BotAnswer.error(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
              + " delete the webhook first");
    }
    int limit = Math.clamp(parameters.path("limit").asInt(100), 1, 100);
    Duration timeout = Duration.ofSeconds(Math.clamp(parameters.path("timeout").asInt(0), 0, 50));
    var polled = ledger.poll(parameters.path("offset").asLong(0), limit, timeout);
    return polled.updates() == null
        ? BotAnswer.error(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot"
                + " instance is running")
        : BotAnswer.ok(polled.updates());
  }

  private BotAnswer setWebhook(JsonNode parameters) {
    String secret = parameters.path("secret_token").asText("");
    if (!secret.isEmpty() && !SECRET.matcher(secret).matches()) {
      return BotAnswer.badRequest("secret token contains unallowed characters");
    }
    if (parameters.path("drop_pending_updates").asBoolean(false)) {
      ledger.dropPending();
    }
    ledger.webhook(new BotLedger.Webhook(parameters.path("url").asText(""), secret, null));
    return BotAnswer.done();
  }

  private BotAnswer deleteWebhook(JsonNode parameters) {
    if (parameters.path("drop_pending_updates").asBoolean(false)) {
      ledger.dropPending();
    }
    ledger.webhook(new BotLedger.Webhook("", "", null));
    return BotAnswer.done();
  }

  private ObjectNode webhookInfo() {
    BotLedger.Webhook webhook = ledger.webhook();
    ObjectNode info =
        Json.object()
            .put("url", webhook.url())
            .put("has_custom_certificate", false)
            .put("pending_update_count", ledger.pending());
    if (webhook.lastError() != null) {
      info.put("last_error_date", Instant.now().getEpochSecond())
          .put("last_error_message", webhook.lastError());
    }
    return info;
  }

  private BotAnswer getFile(JsonNode parameters) {
    String id = parameters.path("file_id").asText("");
    String path = "documents/" + id;
    return ledger
        .file(path)
        .map(
            bytes ->
                BotAnswer.ok(
                    Json.object()
                        .put("file_id", id)
                        .put("file_unique_id", "u" + id)
                        .put("file_size", bytes.length)
                        .put("file_path", path)))
        .orElseGet(() -> BotAnswer.badRequest("invalid file_id"));
  }
}
