package dev.rookery.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Times as people say them. Programs get ISO-8601 through {@code --json}. */
final class Ages {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Ages() {}

  /** {@code 3 min ago}; {@code -} for no time. */
  static String ago(String iso, Instant now, ZoneId zone) {
    if (iso.isEmpty()) {
      return "-";
    }
    Instant then;
    try {
      then = Instant.parse(iso);
    } catch (DateTimeParseException _) {
      return Glyphs.line(iso);
    }
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return age.abs().toSeconds() < 5 ? "just now" : "in " + rounded(age.abs(), then, zone);
    }
    if (age.toSeconds() < 5) {
      return "just now";
    }
    return age.toDays() < 7 ? rounded(age, then, zone) + " ago" : DAY.format(then.atZone(zone));
  }

  /** The time; the beginning of all times when there is none. */
  static Instant parse(String iso) {
    try {
      return Instant.parse(iso);
    } catch (DateTimeParseException _) {
      return Instant.MIN;
    }
  }

  private static String rounded(Duration age, Instant then, ZoneId zone) {
    if (age.toSeconds() < 60) {
      return age.toSeconds() + " s";
    }
    if (age.toMinutes() < 60) {
      return age.toMinutes() + " min";
    }
    if (age.toHours() < 48) {
      return age.toHours() + " h";
    }
    return age.toDays() < 30 ? age.toDays() + " days" : "until " + DAY.format(then.atZone(zone));
  }

  /** {@code 1.4 s} between two times; empty when one is missing. */
  static String between(String from, String to) {
    if (from.isEmpty() || to.isEmpty()) {
      return "";
    }
    try {
      return length(Duration.between(Instant.parse(from), Instant.parse(to)));
    } catch (DateTimeParseException _) {
      return "";
    }
  }

  static String length(Duration time) {
    if (time.toMillis() < 1_000) {
      return time.toMillis() + " ms";
    }
    return time.toSeconds() < 100
        ? "%.1f s".formatted(time.toMillis() / 1_000.0)
        : time.toSeconds() < 7_200 ? time.toMinutes() + " min" : time.toHours() + " h";
  }
}
