package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/**
 * A cron expression of five fields: minute, hour, day of month, month, day of week. Knows no zone:
 * see {@link Timetable.Cron}.
 */
public final class CronExpression implements LocalPattern {
  private static final int HOUR = 60;
  private static final int DAY = 24 * HOUR;
  private static final int WEEK = 7;
  private static final int MONTHS = 12;

  private final String text;
  private final boolean recurring;
  private final boolean eitherDay;
  private final long minutes;
  private final long hours;
  private final long days;
  private final long months;
  private final long weekdays;

  private CronExpression(String text) {
    this.text = text;
    CronReader reader = new CronReader(text);
    List<String> fields = reader.fields();
    this.recurring = repeats(fields.get(0)) || repeats(fields.get(1));
    this.eitherDay = restricted(fields.get(2)) && restricted(fields.get(4));
    this.minutes = reader.bits(CronField.MINUTE);
    this.hours = reader.bits(CronField.HOUR);
    this.days = reader.bits(CronField.DAY);
    this.months = reader.bits(CronField.MONTH);
    this.weekdays = reader.bits(CronField.WEEKDAY);
  }

  /**
   * Reads numbers, {@code jan}-{@code dec}, {@code sun}-{@code sat}, {@code *}, lists, ranges (also
   * around the end: {@code 22-2}, {@code fri-mon}), steps ({@code *}{@code /5}, {@code 10-30/5};
   * {@code 10/5} goes to the end of the field), {@code ?} for {@code *} in the two fields of days,
   * and {@code @hourly}, {@code @daily}, {@code @midnight}, {@code @weekly}, {@code @monthly},
   * {@code @yearly}, {@code @annually}. Case does not matter; 0 and 7 are Sunday.
   *
   * @throws Refusal {@code bad-cron} with the place of the mistake; {@code never-fires} when no
   *     date is meant, as in {@code 30 2 31 2 *}
   */
  public static CronExpression read(String text) {
    CronExpression expression = new CronExpression(text.strip());
    expression.checkThatItFires();
    return expression;
  }

  private static boolean repeats(String field) {
    return field.indexOf('*') >= 0 || field.indexOf('-') >= 0 || field.indexOf('/') >= 0;
  }

  /** Vixie's rule looks at the first character only: a field such as {@code *}{@code /2} is not. */
  private static boolean restricted(String field) {
    return field.charAt(0) != '*' && field.charAt(0) != '?';
  }

  /** In 400 years each date of the calendar falls on each day of the week. */
  private void checkThatItFires() {
    if (eitherDay) {
      return;
    }
    int longest = 0;
    for (int month = 1; month <= MONTHS; month++) {
      if ((months & 1L << month) != 0) {
        longest = Math.max(longest, YearMonth.of(2000, month).lengthOfMonth());
      }
    }
    int earliest = Long.numberOfTrailingZeros(days);
    if (earliest > longest) {
      throw Refusal.badInput(
          "never-fires",
          "'%s' never fires: %s no day %d. Choose a day that exists, such as 28.",
          CronReader.shown(text),
          monthsInWords(),
          earliest);
    }
  }

  private String monthsInWords() {
    List<String> names =
        WordRules.values(months).stream()
            .map(m -> Month.of(m).getDisplayName(TextStyle.FULL, Locale.ENGLISH))
            .toList();
    return WordRules.list(names) + (names.size() == 1 ? " has" : " have");
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /**
   * Whether it follows the clock of the wall: its minute or hour has {@code *}, a range or a step.
   * Otherwise it is fixed, and fires once for each local time whatever the clock does.
   */
  public boolean recurring() {
    return recurring;
  }

  /** Whether a day of the month or a day of the week is enough: both are restricted. */
  boolean eitherDay() {
    return eitherDay;
  }

  long bits(CronField field) {
    return switch (field) {
      case MINUTE -> minutes;
      case HOUR -> hours;
      case DAY -> days;
      case MONTH -> months;
      case WEEKDAY -> weekdays;
    };
  }

  @Override
  public long atOrAfter(long local) {
    long minute = Math.ceilDiv(local, 60L);
    long day = Math.floorDiv(minute, DAY);
    LocalDate date = LocalDate.ofEpochDay(day);
    if (fires(date)) {
      int time = timeAtOrAfter(Math.floorMod(minute, DAY));
      if (time >= 0) {
        return (day * DAY + time) * 60;
      }
    }
    long later = dayAfter(date);
    return later == NONE_AFTER ? NONE_AFTER : (later * DAY + timeAtOrAfter(0)) * 60;
  }

  @Override
  public long atOrBefore(long local) {
    long minute = Math.floorDiv(local, 60L);
    long day = Math.floorDiv(minute, DAY);
    LocalDate date = LocalDate.ofEpochDay(day);
    if (fires(date)) {
      int time = timeAtOrBefore(Math.floorMod(minute, DAY));
      if (time >= 0) {
        return (day * DAY + time) * 60;
      }
    }
    long earlier = dayBefore(date);
    return earlier == NONE_BEFORE ? NONE_BEFORE : (earlier * DAY + timeAtOrBefore(DAY - 1)) * 60;
  }

  /** Minute of the day, or -1. */
  private int timeAtOrAfter(int minute) {
    int hour = minute / HOUR;
    if ((hours & 1L << hour) != 0) {
      long rest = minutes & -1L << minute % HOUR;
      if (rest != 0) {
        return hour * HOUR + Long.numberOfTrailingZeros(rest);
      }
    }
    long later = hours & -2L << hour;
    return later == 0
        ? -1
        : Long.numberOfTrailingZeros(later) * HOUR + Long.numberOfTrailingZeros(minutes);
  }

  /** Minute of the day, or -1. */
  private int timeAtOrBefore(int minute) {
    int hour = minute / HOUR;
    if ((hours & 1L << hour) != 0) {
      long rest = minutes & ~(-2L << minute % HOUR);
      if (rest != 0) {
        return hour * HOUR + highest(rest);
      }
    }
    long earlier = hours & ~(-1L << hour);
    return earlier == 0 ? -1 : highest(earlier) * HOUR + highest(minutes);
  }

  private static int highest(long bits) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
  }

  private boolean fires(LocalDate date) {
    if ((months & 1L << date.getMonthValue()) == 0) {
      return false;
    }
    boolean day = (days & 1L << date.getDayOfMonth()) != 0;
    boolean weekday = (weekdays & 1L << date.getDayOfWeek().getValue() % WEEK) != 0;
    return eitherDay ? day || weekday : day && weekday;
  }

  /** Month by month, at most until the years end. */
  private long dayAfter(LocalDate date) {
    int year = date.getYear();
    int month = date.getMonthValue();
    long later = daysOf(year, month) & -2L << date.getDayOfMonth();
    while (later == 0) {
      long rest = months & -2L << month;
      if (rest == 0) {
        year++;
        rest = months;
      }
      month = Long.numberOfTrailingZeros(rest);
      if (year > Era.LAST_YEAR + 1) {
        return NONE_AFTER;
      }
      later = daysOf(year, month);
    }
    return LocalDate.of(year, month, Long.numberOfTrailingZeros(later)).toEpochDay();
  }

  private long dayBefore(LocalDate date) {
    int year = date.getYear();
    int month = date.getMonthValue();
    long earlier = daysOf(year, month) & ~(-1L << date.getDayOfMonth());
    while (earlier == 0) {
      long rest = months & ~(-1L << month);
      if (rest == 0) {
        year--;
        rest = months;
      }
      month = highest(rest);
      if (year < Era.FIRST_YEAR - 1) {
        return NONE_BEFORE;
      }
      earlier = daysOf(year, month);
    }
    return LocalDate.of(year, month, highest(earlier)).toEpochDay();
  }

  /** One bit for each day of a month on which it fires. */
  private long daysOf(int year, int month) {
    if ((months & 1L << month) == 0) {
      return 0;
    }
    LocalDate first = LocalDate.of(year, month, 1);
    int weekday = first.getDayOfWeek().getValue() % WEEK;
    long week = (weekdays | weekdays << WEEK) >>> weekday & (1L << WEEK) - 1;
    long weekly = (week | week << 7 | week << 14 | week << 21 | week << 28) << 1;
    long all = ~(-2L << first.lengthOfMonth()) & ~1L;
    return all & (eitherDay ? days | weekly : days & weekly);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronExpression it && it.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
