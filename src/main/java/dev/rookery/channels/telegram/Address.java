package dev.rookery.channels.telegram;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A chat, or a topic in it: {@code 12345}, {@code -1001234/7}, {@code @channel}. The tail of a
 * conversation key, {@code -1001234:7}, is one too.
 */
record Address(String chat, @Nullable String thread) {
  private static final Pattern SPELLING =
      Pattern.compile("(-?[0-9]{1,18}|@[A-Za-z0-9_]{1,64})(?:[/:]([0-9]{1,18}))?");

  static Optional<Address> parse(String address) {
    Matcher matcher = SPELLING.matcher(address);
    return matcher.matches()
        ? Optional.of(new Address(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The same topic in the chat's new home. */
  String movedTo(long newChat) {
    return thread == null ? Long.toString(newChat) : newChat + "/" + thread;
  }
}
