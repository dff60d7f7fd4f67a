package dev.rookery.api;

import dev.rookery.kernel.Id;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times as the API spells them: ISO-8601, UTC, milliseconds. */
final class Times {
  private static final DateTimeFormatter SPELLING =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int HEX_DIGITS_OF_TIME = 12;

  private Times() {}

  static String of(Instant instant) {
    return SPELLING.format(instant);
  }

  /** Null for 0, which stands for what has not happened. */
  static @Nullable String of(long epochMillis) {
    return epochMillis == 0 ? null : of(Instant.ofEpochMilli(epochMillis));
  }

  static @Nullable String of(@Nullable Long epochMillis) {
    return epochMillis == null ? null : of(epochMillis.longValue());
  }

  /** When the id was made: a UUIDv7 begins with it (RFC 9562, section 5.7). */
  static String made(Id id) {
    return made(id.value());
  }

  static String made(String value) {
    int start = value.indexOf('_') + 1;
    long millis = Long.parseLong(value.substring(start, start + HEX_DIGITS_OF_TIME), 16);
    return of(Instant.ofEpochMilli(millis));
  }
}
