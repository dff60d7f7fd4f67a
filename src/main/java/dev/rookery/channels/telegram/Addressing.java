package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.channels.telegram.TelegramSettings.Bot;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * To whom a message is said.
 *
 * @param command in lower case, without slash and bot name; only at the very start of the text
 * @param forOtherBot a command that names a bot which is not us
 */
record Addressing(boolean addressed, @Nullable String command, boolean forOtherBot) {

  static Addressing of(JsonNode message, Bot bot) {
    boolean direct = message.path("chat").path("type").asText("").equals("private");
    boolean addressed = direct || repliesTo(message, bot);
    boolean caption = !message.hasNonNull("text");
    String text = message.path(caption ? "caption" : "text").asText("");
    String command = null;
    for (JsonNode entity : message.path(caption ? "caption_entities" : "entities")) {
      String span = span(text, entity);
      switch (entity.path("type").asText("")) {
        case "mention" -> addressed |= span.startsWith("@") && bot.named(span.substring(1));
        case "text_mention" -> addressed |= bot.is(entity.path("user").path("id").asLong(0));
        case "bot_command" -> {
          Command said = Command.of(span);
          boolean first = entity.path("offset").asInt(-1) == 0;
          boolean named = !said.bot().isEmpty();
          boolean ours = !named || bot.named(said.bot());
          if (first && !ours && !direct && !bot.username().isEmpty()) {
            return new Addressing(false, null, true);
          }
          command = first && (ours || direct) ? said.name() : command;
          addressed |= named ? ours : first && MessageReader.obeyed(said.name());
        }
        default -> {
          // Bold, links and the like say nothing about who is meant.
        }
      }
    }
    return new Addressing(addressed, command, false);
  }

  /** {@code /name@bot}; the bot is empty when not named. */
  private record Command(String name, String bot) {
    static Command of(String span) {
      String word = span.startsWith("/") ? span.substring(1) : span;
      int at = word.indexOf('@');
      String name = at < 0 ? word : word.substring(0, at);
      return new Command(name.toLowerCase(Locale.ROOT), at < 0 ? "" : word.substring(at + 1));
    }
  }

  /** Offsets are UTF-16 units (Bot API, "MessageEntity"); nonsense offsets give an empty span. */
  private static String span(String text, JsonNode entity) {
    int offset = entity.path("offset").asInt(-1);
    int length = entity.path("length").asInt(-1);
    boolean sane = offset >= 0 && length >= 0 && length <= text.length() - offset;
    return sane ? text.substring(offset, offset + length) : "";
  }

  /** In a topic every message "replies" to the service message that opened it; that is no reply. */
  private static boolean repliesTo(JsonNode message, Bot bot) {
    JsonNode earlier = message.path("reply_to_message");
    JsonNode author = earlier.path("from");
    return !earlier.has("forum_topic_created")
        && (bot.is(author.path("id").asLong(0)) || bot.named(author.path("username").asText("")));
  }
}
