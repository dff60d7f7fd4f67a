package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Telegram updates as the Bot API sends them, from recorded shapes. Update and message ids count up
 * per instance.
 */
public final class SampleUpdates {
  /** The person who writes. */
  public static final long PERSON = 7001;

  public static final long GROUP = -1_001_234_567_890L;

  private static final String PRIVATE =
      """
      {"update_id":0,"message":{"message_id":0,
       "from":{"id":7001,"is_bot":false,"first_name":"Ada","last_name":"Byron","username":"ada","language_code":"en"},
       "chat":{"id":7001,"first_name":"Ada","last_name":"Byron","username":"ada","type":"private"},
       "date":0}}
      """;
  private static final String IN_GROUP =
      """
      {"update_id":0,"message":{"message_id":0,
       "from":{"id":7001,"is_bot":false,"first_name":"Ada","last_name":"Byron","username":"ada","language_code":"en"},
       "chat":{"id":-1001234567890,"title":"Engine room","type":"supergroup"},
       "date":0}}
      """;
  private static final String PHOTO =
      """
      [{"file_id":"photo-small","file_unique_id":"ps","file_size":1200,"width":90,"height":60},
       {"file_id":"photo-large","file_unique_id":"pl","file_size":88000,"width":1280,"height":853},
       {"file_id":"photo-medium","file_unique_id":"pm","file_size":17000,"width":320,"height":213}]
      """;

  private final LocalBotApi.Bot bot;
  private final InstantSource clock;
  private final AtomicLong ids;

  public SampleUpdates(LocalBotApi.Bot bot, InstantSource clock, long firstUpdateId) {
    this.bot = bot;
    this.clock = clock;
    this.ids = new AtomicLong(firstUpdateId);
  }

  public ObjectNode privateText(String text) {
    return text(stamp(PRIVATE), text);
  }

  /** From a person of this id, in the private chat with them. */
  public ObjectNode privateText(long person, String text) {
    ObjectNode update = privateText(text);
    message(update).withObject("/from").put("id", person);
    message(update).withObject("/chat").put("id", person);
    return update;
  }

  public ObjectNode groupText(String text) {
    return text(stamp(IN_GROUP), text);
  }

  /** A group message that begins with a mention of the bot. */
  public ObjectNode groupMention(String text) {
    String mention = "@" + bot.username();
    ObjectNode update = groupText(mention + " " + text);
    entity(update, "mention", 0, mention.length());
    return update;
  }

  /** A command at the start of a private chat's message, such as {@code /clear now}. */
  public ObjectNode command(String line) {
    ObjectNode update = privateText(line);
    int space = line.indexOf(' ');
    entity(update, "bot_command", 0, space < 0 ? line.length() : space);
    return update;
  }

  /** A command in a group, such as {@code /stop@rookery_bot}. */
  public ObjectNode groupCommand(String line) {
    ObjectNode update = groupText(line);
    int space = line.indexOf(' ');
    entity(update, "bot_command", 0, space < 0 ? line.length() : space);
    return update;
  }

  /** The given message, edited to this text: same message, new update. */
  public ObjectNode edited(JsonNode original, String text) {
    ObjectNode update = Json.object().put("update_id", ids.getAndIncrement());
    ObjectNode message = update.putObject("edited_message");
    message.setAll((ObjectNode) original.path("message").deepCopy());
    message.remove("entities");
    message.put("edit_date", clock.instant().getEpochSecond()).put("text", text);
    return update;
  }

  public ObjectNode photo(String caption) {
    ObjectNode update = stamp(PRIVATE);
    message(update).put("caption", caption).set("photo", Json.parse(PHOTO));
    return update;
  }

  public ObjectNode document(String fileId, String name, String mediaType) {
    ObjectNode update = stamp(PRIVATE);
    message(update)
        .putObject("document")
        .put("file_id", fileId)
        .put("file_unique_id", "u" + fileId)
        .put("file_name", name)
        .put("mime_type", mediaType)
        .put("file_size", 5);
    return update;
  }

  /** A message in a topic of a forum, mentioning the bot. */
  public ObjectNode threadMention(long thread, String text) {
    ObjectNode update = groupMention(text);
    message(update).put("message_thread_id", thread).put("is_topic_message", true);
    message(update).withObject("/chat").put("is_forum", true);
    return update;
  }

  /** A group message that answers a message of the bot. */
  public ObjectNode replyToBot(long messageId, String text) {
    ObjectNode update = groupText(text);
    ObjectNode reply = message(update).putObject("reply_to_message").put("message_id", messageId);
    reply
        .putObject("from")
        .put("id", bot.id())
        .put("is_bot", true)
        .put("first_name", bot.name())
        .put("username", bot.username());
    reply.set("chat", message(update).path("chat").deepCopy());
    reply.put("date", clock.instant().getEpochSecond()).put("text", "said before");
    return update;
  }

  /** A pressed button whose message Telegram does not tell any more. */
  public ObjectNode buttonPress(String data) {
    ObjectNode update = Json.object().put("update_id", ids.getAndIncrement());
    ObjectNode query = update.putObject("callback_query").put("id", "q1").put("data", data);
    query.set("from", Json.parse(PRIVATE).path("message").path("from"));
    return update;
  }

  /** Somebody presses a button below a message of the bot. */
  public ObjectNode press(Presser presser, LocalBotApi.Message below, String data) {
    long id = ids.getAndIncrement();
    ObjectNode update = Json.object().put("update_id", id);
    ObjectNode query =
        update
            .putObject("callback_query")
            .put("id", "press-" + id)
            .put("chat_instance", below.chat())
            .put("data", data);
    query
        .putObject("from")
        .put("id", presser.id())
        .put("is_bot", false)
        .put("first_name", presser.name());
    ObjectNode message = query.putObject("message").put("message_id", below.id());
    long chat = Long.parseLong(below.chat());
    message.putObject("chat").put("id", chat).put("type", chat < 0 ? "supergroup" : "private");
    message.put("date", clock.instant().getEpochSecond()).put("text", below.text());
    return update;
  }

  /** Who presses. */
  public record Presser(long id, String name) {}

  private ObjectNode stamp(String template) {
    ObjectNode update = (ObjectNode) Json.parse(template);
    long id = ids.getAndIncrement();
    update.put("update_id", id);
    message(update).put("message_id", id).put("date", clock.instant().getEpochSecond());
    return update;
  }

  private static ObjectNode text(ObjectNode update, String text) {
    message(update).put("text", text);
    return update;
  }

  private static ObjectNode message(ObjectNode update) {
    return update.withObject("/message");
  }

  /** Marks a part of the text; offset and length in UTF-16 units, as in the Bot API. */
  public static void entity(ObjectNode update, String type, int offset, int length) {
    ObjectNode message = message(update);
    ArrayNode entities = message.withArray("/entities");
    entities.addObject().put("type", type).put("offset", offset).put("length", length);
  }
}
