package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.regex.Pattern;

/** Times as people write them. */
public final class Times {
  private static final Pattern TIME = Pattern.compile("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern OFFSET = Pattern.compile(".*T.*([Zz]|[+-][0-9:]+)");
  private static final int SHOWN = 40;

  private Times() {}

  /**
   * An instant in ISO 8601 with offset, a local date-time, or a local date, which is its midnight.
   * A local time that does not exist is the first instant after it; one that comes twice is the
   * first.
   *
   * @throws Refusal {@code bad-time}
   */
  public static Instant instant(String text, ZoneId zone) {
    try {
      String spelled = text.strip();
      if (OFFSET.matcher(spelled).matches()) {
        return Era.check(OffsetDateTime.parse(spelled).toInstant(), "time");
      }
      LocalDateTime local =
          DATE.matcher(spelled).matches()
              ? LocalDate.parse(spelled).atStartOfDay()
              : LocalDateTime.parse(spelled.replace(' ', 'T'));
      return Era.check(instant(local, zone), "time");
    } catch (DateTimeException _) {
      throw Refusal.badInput(
          "bad-time",
          "'%s' is no time. Write a date (2026-03-08), a local time (2026-03-08T09:00), or one with"
              + " its offset (2026-03-08T09:00-04:00).",
          shown(text));
    }
  }

  private static Instant instant(LocalDateTime local, ZoneId zone) {
    var rules = Zones.rules(zone);
    ZoneOffsetTransition change = rules.getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.toInstant(rules.getOffset(local));
  }

  /** {@code 9:00}, {@code 09:00} or {@code 09:00:30}. */
  static LocalTime time(String text) {
    String spelled = text.strip();
    if (TIME.matcher(spelled).matches()) {
      try {
        return LocalTime.parse(spelled.indexOf(':') == 1 ? "0" + spelled : spelled);
      } catch (DateTimeException _) {
        throw noTime(text);
      }
    }
    throw noTime(text);
  }

  private static Refusal noTime(String text) {
    return Refusal.badInput(
        "bad-time",
        "'%s' is no time of day. Write it as 09:00 or 17:30:15, from 00:00 to 23:59:59.",
        shown(text));
  }

  private static String shown(String text) {
    return Text.brief(Text.clean(text), SHOWN);
  }
}
