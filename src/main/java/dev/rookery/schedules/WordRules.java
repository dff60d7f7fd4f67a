package dev.rookery.schedules;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Says a cron expression in words. Pure. */
final class WordRules {
  private static final int HOURS = 24;
  private static final int MINUTES = 60;
  private static final int MOST_TIMES = 6;

  private WordRules() {}

  static String words(CronExpression cron) {
    List<Integer> minutes = values(cron.bits(CronField.MINUTE));
    List<Integer> hours = values(cron.bits(CronField.HOUR));
    String days = days(cron);
    if (minutes.size() * hours.size() <= MOST_TIMES) {
      List<String> times = new ArrayList<>();
      hours.forEach(h -> minutes.forEach(m -> times.add(two(h) + ":" + two(m))));
      return (days.isEmpty() ? "every day" : days) + " at " + list(times);
    }
    String time = minutes(minutes, hours.size() == HOURS) + hours(hours);
    return days.isEmpty() ? time : time + ", " + days;
  }

  private static String minutes(List<Integer> minutes, boolean everyHour) {
    if (minutes.size() == MINUTES) {
      return "every minute";
    }
    int step = step(minutes, MINUTES);
    if (step > 0) {
      return "every " + step + " minutes";
    }
    if (minutes.equals(List.of(0))) {
      return everyHour ? "every hour" : "on the hour";
    }
    return (everyHour ? "every hour at minute" : "at minute")
        + (minutes.size() == 1 ? " " : "s ")
        + runs(minutes, String::valueOf, "-");
  }

  private static String hours(List<Integer> hours) {
    if (hours.size() == HOURS) {
      return "";
    }
    int step = step(hours, HOURS);
    return step > 0
        ? " of every " + step + " hours from 00:00"
        : " in the hour" + (hours.size() == 1 ? " " : "s ") + runs(hours, WordRules::two, "-");
  }

  private static String two(int number) {
    return (number < 10 ? "0" : "") + number;
  }

  /** Empty for every day. */
  private static String days(CronExpression cron) {
    long days = cron.bits(CronField.DAY);
    long weekdays = cron.bits(CronField.WEEKDAY);
    boolean anyDay = days == CronField.DAY.all();
    boolean anyWeekday = weekdays == CronField.WEEKDAY.all();
    String months = months(cron.bits(CronField.MONTH));
    boolean everyDay = cron.eitherDay() ? anyDay || anyWeekday : anyDay && anyWeekday;
    if (everyDay) {
      return months.isEmpty() ? "" : "every day in " + months;
    }
    String of = months.isEmpty() ? " of every month" : " of " + months;
    String in = months.isEmpty() ? "" : " in " + months;
    if (!cron.eitherDay() && anyDay) {
      return "every " + weekdays(weekdays) + in;
    }
    String onDays = "on day " + runs(values(days), String::valueOf, "-") + of;
    if (!cron.eitherDay() && anyWeekday) {
      return onDays;
    }
    return cron.eitherDay()
        ? onDays + " and on every " + weekdays(weekdays) + in
        : onDays + " if it is a " + alternatives(names(weekdays));
  }

  private static String months(long months) {
    return months == CronField.MONTH.all()
        ? ""
        : runs(
            values(months),
            m -> Month.of(m).getDisplayName(TextStyle.FULL, Locale.ENGLISH),
            " to ");
  }

  /** The week of people begins on Monday. */
  private static String weekdays(long weekdays) {
    List<Integer> days = new ArrayList<>(values(weekdays & ~1L));
    if ((weekdays & 1L) != 0) {
      days.add(DayOfWeek.SUNDAY.getValue());
    }
    return runs(days, WordRules::name, " to ");
  }

  private static List<String> names(long weekdays) {
    return values(weekdays).stream().map(day -> name(day == 0 ? 7 : day)).toList();
  }

  private static String name(int day) {
    return DayOfWeek.of(day).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  /** The step that gives these values and ends evenly at the size, or 0. */
  private static int step(List<Integer> values, int size) {
    if (values.size() < 2 || values.getFirst() != 0 || size % values.size() != 0) {
      return 0;
    }
    int step = size / values.size();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != i * step) {
        return 0;
      }
    }
    return step;
  }

  /** Three or more in a row become a run. */
  private static String runs(List<Integer> values, IntFunction<String> name, String to) {
    List<String> parts = new ArrayList<>();
    int i = 0;
    while (i < values.size()) {
      int j = i;
      while (j + 1 < values.size() && values.get(j + 1) == values.get(j) + 1) {
        j++;
      }
      if (j - i < 2) {
        j = i;
      }
      String first = name.apply(values.get(i));
      parts.add(j == i ? first : first + to + name.apply(values.get(j)));
      i = j + 1;
    }
    return list(parts);
  }

  /** The values whose bits are set, in order. */
  static List<Integer> values(long bits) {
    List<Integer> values = new ArrayList<>();
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      values.add(Long.numberOfTrailingZeros(rest));
    }
    return values;
  }

  /** "a, b and c". */
  static String list(List<?> items) {
    return joined(items, " and ");
  }

  private static String alternatives(List<?> items) {
    return joined(items, " or ");
  }

  private static String joined(List<?> items, String last) {
    List<String> texts = items.stream().map(String::valueOf).toList();
    int end = texts.size() - 1;
    return end < 1
        ? String.join("", texts)
        : String.join(", ", texts.subList(0, end)) + last + texts.get(end);
  }
}
