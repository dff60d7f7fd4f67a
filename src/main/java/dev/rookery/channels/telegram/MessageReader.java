package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.channels.telegram.UpdateReader.Update;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.inbox.Inbound.Attachment;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a Telegram message into one inbound fact, or says why there is none. */
record MessageReader(Integration integration, InstantSource clock) {
  /** Telegram began on this day; an older date is no date. */
  private static final Instant FIRST_DAY = Instant.parse("2013-08-01T00:00:00Z");

  private static final Duration AHEAD = Duration.ofDays(1);

  /** Commands that the platform itself obeys; all others are words for the agent. */
  private static final Set<String> COMMANDS = Set.of("start", "clear", "stop");

  /** Fields that say where, when and from whom, but not what. */
  private static final Set<String> ENVELOPE =
      Set.of(
          "message_id",
          "message_thread_id",
          "direct_messages_topic",
          "from",
          "sender_chat",
          "sender_boost_count",
          "sender_tag",
          "date",
          "edit_date",
          "chat",
          "is_topic_message",
          "is_automatic_forward",
          "reply_to_message",
          "external_reply",
          "quote",
          "forward_origin",
          "via_bot",
          "has_protected_content",
          "is_from_offline",
          "media_group_id",
          "author_signature",
          "text",
          "caption",
          "entities",
          "link_preview_options",
          "reply_markup");

  private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  Reception read(Update update) {
    JsonNode message = update.message();
    if (!message.path("chat").path("id").canConvertToLong()
        || !message.path("chat").path("id").isIntegralNumber()) {
      return skip(update, "incomplete_message", "The message has no chat.");
    }
    if (message.has("migrate_to_chat_id")) {
      return skip(
          update,
          "chat_migrated",
          "Group %s became %s."
              .formatted(chat(message), message.path("migrate_to_chat_id").asText("")));
    }
    String text = text(message);
    List<Attachment> attachments = Attachments.of(message);
    if (text.isBlank() && attachments.isEmpty()) {
      String kind = kind(message);
      return skip(update, kind, "Messages of kind " + kind + " are not acted on.");
    }
    var said = Addressing.of(message, TelegramSettings.of(integration).bot());
    if (said.forOtherBot()) {
      return skip(update, "command_for_other_bot", "The command names another bot.");
    }
    return new Reception.Accepted(List.of(inbound(update, text, said, attachments)));
  }

  private Inbound inbound(
      Update update, String text, Addressing said, List<Attachment> attachments) {
    JsonNode message = update.message();
    String command = update.edited() ? null : said.command();
    return new Inbound(
        new Inbound.Origin(
            integration.source(), integration.id(), message.path("message_id").asText(null)),
        type(update.edited(), command),
        update.id(),
        place(integration, message),
        actor(message),
        occurredAt(update),
        new Inbound.Content(text, said.addressed(), command, attachments),
        update.payload());
  }

  private static String type(boolean edited, @Nullable String command) {
    if (edited) {
      return "message_edited";
    }
    return command != null && COMMANDS.contains(command) ? "command" : "message";
  }

  static boolean obeyed(String command) {
    return COMMANDS.contains(command);
  }

  private static String text(JsonNode message) {
    if (message.hasNonNull("text")) {
      return message.path("text").asText("");
    }
    if (message.hasNonNull("caption")) {
      return message.path("caption").asText("");
    }
    return Summaries.of(message);
  }

  private static String chat(JsonNode message) {
    return Long.toString(message.path("chat").path("id").longValue());
  }

  /**
   * Only a topic is a thread: elsewhere message_thread_id changes with every chain of replies, and
   * sendMessage refuses it.
   */
  static Inbound.Place place(Integration integration, JsonNode message) {
    JsonNode chat = message.path("chat");
    JsonNode thread = message.path("message_thread_id");
    boolean topic = message.path("is_topic_message").asBoolean(false) && thread.canConvertToLong();
    String key = integration.source() + ":" + chat(message);
    return new Inbound.Place(
        topic ? key + ":" + thread.asLong() : key,
        chat(message),
        topic ? chat(message) + "/" + thread.asLong() : chat(message),
        name(chat),
        chat.path("type").asText("").equals("private"));
  }

  private Actor actor(JsonNode message) {
    JsonNode from = message.path("from");
    var bot = TelegramSettings.of(integration).bot();
    if (bot.is(from.path("id").asLong(0)) || bot.named(from.path("username").asText(""))) {
      return actor(Actor.Kind.SELF, from);
    }
    if (message.path("is_automatic_forward").asBoolean(false)) {
      // A channel's post copied into its discussion group: it may be our own.
      return actor(Actor.Kind.SYSTEM, message.path("sender_chat"));
    }
    if (message.hasNonNull("sender_chat")) {
      // Anonymous admins and channels: "from" is then a stand-in that claims to be a bot.
      return actor(Actor.Kind.PERSON, message.path("sender_chat"));
    }
    if (from.isMissingNode()) {
      return actor(Actor.Kind.PERSON, message.path("chat"));
    }
    return actor(kind(integration, from), from);
  }

  /** Who a Telegram user is to us. */
  static Actor.Kind kind(Integration integration, JsonNode user) {
    if (user.path("is_bot").asBoolean(false)) {
      return Actor.Kind.BOT;
    }
    JsonNode id = user.path("id");
    return id.isIntegralNumber()
            && TelegramSettings.of(integration).members().contains(id.longValue())
        ? Actor.Kind.MEMBER
        : Actor.Kind.PERSON;
  }

  static Actor actor(Actor.Kind kind, JsonNode who) {
    return new Actor(kind, who.path("id").asText("unknown"), name(who), 0);
  }

  private static String name(JsonNode who) {
    String person =
        (who.path("first_name").asText("") + " " + who.path("last_name").asText("")).strip();
    String title = who.path("title").asText(person);
    String username = who.path("username").asText(who.path("id").asText("unknown"));
    return title.isEmpty() ? username : title;
  }

  private Instant occurredAt(Update update) {
    Instant now = clock.instant();
    String field = update.edited() ? "edit_date" : "date";
    JsonNode seconds = update.message().path(field);
    if (!seconds.isIntegralNumber() || !seconds.canConvertToInt()) {
      return now;
    }
    Instant said = Instant.ofEpochSecond(seconds.intValue());
    return said.isBefore(FIRST_DAY) || said.isAfter(now.plus(AHEAD)) ? now : said;
  }

  private static String kind(JsonNode message) {
    return message
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(name -> !ENVELOPE.contains(name) && FIELD.matcher(name).matches())
        .findFirst()
        .orElse("empty_message");
  }

  private static Reception skip(Update update, String code, String why) {
    return new Reception.Skipped(update.id(), code, why);
  }
}
