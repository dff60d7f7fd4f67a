package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write and say them. */
final class Durations {
  private static final Pattern PARTS =
      Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");
  private static final int SHOWN = 40;

  private Durations() {}

  /** {@code 90s}, {@code 1h30m}, {@code 2d}, or ISO 8601 as {@code PT90S}. */
  static Duration read(String text) {
    String spelled = text.strip().toLowerCase(Locale.ROOT);
    try {
      Matcher parts = PARTS.matcher(spelled);
      if (!spelled.isEmpty() && parts.matches()) {
        return Duration.ofDays(number(parts, 1))
            .plusHours(number(parts, 2))
            .plusMinutes(number(parts, 3))
            .plusSeconds(number(parts, 4));
      }
      if (spelled.startsWith("p")) {
        return Duration.parse(spelled);
      }
    } catch (DateTimeException | ArithmeticException _) {
      throw refusal(text);
    }
    throw refusal(text);
  }

  private static Refusal refusal(String text) {
    return Refusal.badInput(
        "bad-interval",
        "'%s' is no interval. Write it as 90s, 15m, 1h30m, 2d or PT90S.",
        Text.brief(Text.clean(text), SHOWN));
  }

  private static long number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** "hour", "90 seconds", "1 day and 2 hours". */
  static String inWords(Duration length) {
    List<String> parts = new ArrayList<>();
    add(parts, length.toDaysPart(), "day");
    add(parts, length.toHoursPart(), "hour");
    add(parts, length.toMinutesPart(), "minute");
    add(parts, length.toSecondsPart(), "second");
    add(parts, length.toMillisPart(), "millisecond");
    String words = WordRules.list(parts);
    return parts.size() == 1 && words.startsWith("1 ") ? words.substring(2) : words;
  }

  private static void add(List<String> parts, long number, String unit) {
    if (number != 0) {
      parts.add(number + " " + unit + (number == 1 ? "" : "s"));
    }
  }
}
