package dev.rookery.schedules;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The rules said a second time, without any cleverness: looks at the clock of a place minute by
 * minute. A fixed time fires when the clock first shows it or, having skipped it, a later one.
 */
final class ClockOracle {
  private static final int DAY = 24 * 60;
  private static final int LEAD_MINUTES = 3 * DAY;

  private final long from;
  private final int[] locals;

  /** Local minutes of each minute in (from, until], and of three days before. */
  ClockOracle(String zone, Instant from, Instant until) {
    this.from = Math.floorDiv(from.getEpochSecond(), 60L);
    int size = (int) (Math.floorDiv(until.getEpochSecond(), 60L) - this.from);
    this.locals = new int[LEAD_MINUTES + size + 1];
    ZoneId place = ZoneId.of(zone);
    for (int i = 0; i < locals.length; i++) {
      Instant minute = Instant.ofEpochSecond(epochMinute(i) * 60);
      int offset = place.getRules().getOffset(minute).getTotalSeconds();
      if (offset % 60 != 0) {
        throw new IllegalStateException(zone + " has an offset with seconds at " + minute);
      }
      locals[i] = Math.toIntExact(epochMinute(i) + offset / 60);
    }
  }

  private long epochMinute(int index) {
    return from - LEAD_MINUTES + index;
  }

  /**
   * @param dates the local dates that are meant
   * @param times the minutes of the day that are meant
   */
  List<Instant> fires(boolean recurring, Predicate<LocalDate> dates, IntPredicate times) {
    boolean[] due = due(dates, times);
    int first = firstDay() * DAY;
    List<Instant> fires = new ArrayList<>();
    int shown = locals[0];
    for (int i = 1; i < locals.length; i++) {
      boolean fire = recurring && due[locals[i] - first];
      while (shown < locals[i]) {
        shown++;
        fire |= !recurring && due[shown - first];
      }
      if (fire && i > LEAD_MINUTES) {
        fires.add(Instant.ofEpochSecond(epochMinute(i) * 60));
      }
    }
    return fires;
  }

  private int firstDay() {
    return locals[0] / DAY - 2;
  }

  /** Which local minutes are meant, from the first day on. */
  private boolean[] due(Predicate<LocalDate> dates, IntPredicate times) {
    boolean[] meant = new boolean[DAY];
    for (int minute = 0; minute < DAY; minute++) {
      meant[minute] = times.test(minute);
    }
    int days = locals.length / DAY + 6;
    boolean[] due = new boolean[days * DAY];
    for (int day = 0; day < days; day++) {
      if (dates.test(LocalDate.ofEpochDay(firstDay() + day))) {
        System.arraycopy(meant, 0, due, day * DAY, DAY);
      }
    }
    return due;
  }

  /** For an expression of numbers, {@code *}, lists, ranges and steps without names. */
  static List<Instant> fires(String expression, String zone, Instant from, Instant until) {
    String[] fields = expression.split(" ");
    boolean recurring = (fields[0] + fields[1]).matches(".*[*/-].*");
    return new ClockOracle(zone, from, until)
        .fires(
            recurring,
            date -> day(fields, date),
            minute -> holds(fields[0], minute % 60, 59) && holds(fields[1], minute / 60, 23));
  }

  private static boolean day(String[] fields, LocalDate time) {
    boolean day = holds(fields[2], time.getDayOfMonth(), 31);
    int weekday = time.getDayOfWeek().getValue() % 7;
    boolean week = holds(fields[4].replace("SUN", "0"), weekday, 6);
    boolean either = fields[2].charAt(0) != '*' && fields[4].charAt(0) != '*';
    return holds(fields[3], time.getMonthValue(), 12) && (either ? day || week : day && week);
  }

  private static boolean holds(String field, int value, int last) {
    for (String item : field.split(",")) {
      String[] parts = item.split("/");
      String[] ends = parts[0].split("-");
      int first =
          ends[0].equals("*") ? (last == 31 || last == 12 ? 1 : 0) : Integer.parseInt(ends[0]);
      int end =
          ends.length > 1
              ? Integer.parseInt(ends[1])
              : ends[0].equals("*") || parts.length > 1 ? last : first;
      int step = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
      if (value >= first && value <= end && (value - first) % step == 0) {
        return true;
      }
    }
    return false;
  }
}
