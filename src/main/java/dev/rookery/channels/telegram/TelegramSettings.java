package dev.rookery.channels.telegram;

import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import java.util.HashSet;
import java.util.Set;

/**
 * The open settings of one bot.
 *
 * @param baseUrl of the Bot API, without a trailing slash
 * @param bot who we are
 * @param downloadLimit largest attachment, in bytes
 * @param members users who speak for the organization: their words are trusted, and they answer
 *     requests for permission. By Telegram's user id, which never changes hands as a username does
 */
record TelegramSettings(String baseUrl, Bot bot, long downloadLimit, Set<Long> members) {
  static final String CHANNEL = "telegram";
  static final String DEFAULT_BASE_URL = "https://api.telegram.org";
  static final long DEFAULT_DOWNLOAD_LIMIT = 25L << 20;

  /**
   * Who the bot is. Both are filled by {@link TelegramSetup}.
   *
   * @param id 0 while unknown
   * @param username without {@code @}, empty while unknown
   */
  record Bot(long id, String username) {
    boolean named(String name) {
      return !username.isEmpty() && username.equalsIgnoreCase(name);
    }

    boolean is(long userId) {
      return id != 0 && id == userId;
    }
  }

  static TelegramSettings of(Integration integration) {
    var config = integration.config();
    Set<Long> members = new HashSet<>();
    config.path(Integrations.MEMBERS).forEach(id -> members.add(id.asLong()));
    String baseUrl = config.path("base_url").asText(DEFAULT_BASE_URL).strip();
    String username = config.path("bot_username").asText("").strip();
    return new TelegramSettings(
        baseUrl.replaceAll("/+$", ""),
        new Bot(
            config.path("bot_id").asLong(0),
            username.startsWith("@") ? username.substring(1) : username),
        config.path("download_limit").asLong(DEFAULT_DOWNLOAD_LIMIT),
        Set.copyOf(members));
  }
}
