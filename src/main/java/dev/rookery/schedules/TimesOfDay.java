package dev.rookery.schedules;

import java.time.LocalTime;
import java.util.List;

/**
 * The same times on every day.
 *
 * @param times in order, at least one
 */
record TimesOfDay(List<LocalTime> times) implements LocalPattern {
  private static final int DAY = 86_400;

  @Override
  public long atOrAfter(long local) {
    long day = Math.floorDiv(local, DAY);
    int second = Math.floorMod(local, DAY);
    for (LocalTime time : times) {
      if (time.toSecondOfDay() >= second) {
        return day * DAY + time.toSecondOfDay();
      }
    }
    return (day + 1) * DAY + times.getFirst().toSecondOfDay();
  }

  @Override
  public long atOrBefore(long local) {
    long day = Math.floorDiv(local, DAY);
    int second = Math.floorMod(local, DAY);
    for (LocalTime time : times.reversed()) {
      if (time.toSecondOfDay() <= second) {
        return day * DAY + time.toSecondOfDay();
      }
    }
    return (day - 1) * DAY + times.getLast().toSecondOfDay();
  }
}
