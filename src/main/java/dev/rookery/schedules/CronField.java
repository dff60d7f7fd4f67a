package dev.rookery.schedules;

import java.util.List;

/** The five fields of a cron expression, in their order. */
enum CronField {
  MINUTE(1, "minute", 0, 59, ""),
  HOUR(2, "hour", 0, 23, ""),
  DAY(3, "day of month", 1, 31, ""),
  MONTH(4, "month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  WEEKDAY(5, "day of week", 0, 6, "sun mon tue wed thu fri sat");

  private static final int OTHER_SUNDAY = 7;

  private final int number;
  private final String title;
  private final int first;
  private final int last;
  private final String names;

  CronField(int number, String title, int first, int last, String names) {
    this.number = number;
    this.title = title;
    this.first = first;
    this.last = last;
    this.names = names;
  }

  String title() {
    return title;
  }

  /** The lowest value. */
  int first() {
    return first;
  }

  /** The highest value; 7, the other Sunday, is read as 0. */
  int last() {
    return last;
  }

  /** Counted from 1, as people count. */
  int number() {
    return number;
  }

  boolean holds(int value) {
    return value >= first && value <= (this == WEEKDAY ? OTHER_SUNDAY : last);
  }

  /** The longest sensible step: with a longer one the first value would be the only one. */
  int longestStep() {
    return this == WEEKDAY ? OTHER_SUNDAY : last;
  }

  /** The value of a name in lower case, or -1. */
  int named(String name) {
    int index = name.isEmpty() ? -1 : List.of(names.split(" ")).indexOf(name);
    return index < 0 ? -1 : first + index;
  }

  String allowed() {
    return switch (this) {
      case MINUTE, HOUR, DAY -> first + "-" + last;
      case MONTH -> "1-12 and jan-dec";
      case WEEKDAY -> "0-7 (0 and 7 are Sunday) and sun-sat";
    };
  }

  /** One bit for each value of the range from one value to another, around the end if need be. */
  long bits(int from, int to, int step) {
    int size = last - first + 1;
    int reach = Math.floorMod(to - from, size);
    long bits = 0;
    for (int i = 0; i <= reach; i += step) {
      bits |= 1L << (first + (from - first + i) % size);
    }
    return bits;
  }

  long all() {
    return bits(first, last, 1);
  }
}
