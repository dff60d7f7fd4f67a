package dev.rookery.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Random expressions against the oracle. The text and its meaning are made side by side. */
final class ClockProperties {
  static final List<String> ZONES =
      List.of(
          "Australia/Lord_Howe",
          "Pacific/Apia",
          "Africa/Casablanca",
          "Antarctica/Troll",
          "Pacific/Chatham",
          "Asia/Kathmandu",
          "Europe/Dublin",
          "America/New_York",
          "Europe/Berlin",
          "America/Sao_Paulo",
          "America/Havana",
          "Asia/Beirut",
          "Africa/Cairo",
          "America/Santiago",
          "America/St_Johns",
          "Asia/Tehran",
          "America/Nuuk",
          "Asia/Pyongyang",
          "America/Caracas",
          "UTC");

  private static final List<String> MONTHS =
      List.of("jan", "Feb", "mar", "apr", "May", "jun", "jul", "aug", "SEP", "oct", "nov", "dec");
  private static final List<String> DAYS =
      List.of("sun", "Mon", "tue", "wed", "THU", "fri", "sat", "Sun");

  private final Random random;

  ClockProperties(long seed) {
    this.random = new Random(seed);
  }

  /** A field as written, and what it means. */
  private record Field(String text, BitSet values) {}

  private record Walk(int from, int to, int step) {}

  /** Compares what fires in a span, forwards and backwards. */
  void check(String zone, Instant from, Instant until, int expressions) {
    ClockOracle oracle = new ClockOracle(zone, from, until);
    for (int i = 0; i < expressions; i++) {
      List<Field> fields =
          List.of(
              field(0, 59, 3), field(0, 23, 3), field(1, 31, 1), field(1, 12, 1), field(0, 6, 1));
      StringJoiner text = new StringJoiner(" ");
      fields.forEach(field -> text.add(field.text));
      boolean recurring = (fields.get(0).text + fields.get(1).text).matches(".*[*/-].*");
      List<Instant> expected =
          oracle.fires(
              recurring,
              date -> holds(fields, date),
              minute ->
                  fields.get(0).values.get(minute % 60) && fields.get(1).values.get(minute / 60));
      if (expected.isEmpty() && never(fields)) {
        continue;
      }
      Timetable cron = Timetable.cron(text.toString(), zone);
      Timetable.Expected found = cron.between(from, until, Integer.MAX_VALUE);
      same(text + " in " + zone, found.earliest(), expected);
      same(text + " in " + zone + ", backwards", cron.latest(from, until, 20_000), last(expected));
    }
  }

  /** Says the first difference; lists of a million are no message. */
  private static void same(String what, List<Instant> found, List<Instant> expected) {
    for (int i = 0; i < Math.min(found.size(), expected.size()); i++) {
      if (!found.get(i).equals(expected.get(i))) {
        assertThat(found.get(i)).as(what).isEqualTo(expected.get(i));
      }
    }
    assertThat(found.size()).as(what).isEqualTo(expected.size());
  }

  private static List<Instant> last(List<Instant> all) {
    return all.subList(Math.max(0, all.size() - 20_000), all.size());
  }

  private static boolean holds(List<Field> fields, LocalDate date) {
    boolean day = fields.get(2).values.get(date.getDayOfMonth());
    boolean weekday = fields.get(4).values.get(date.getDayOfWeek().getValue() % 7);
    return fields.get(3).values.get(date.getMonthValue())
        && (either(fields) ? day || weekday : day && weekday);
  }

  private static boolean either(List<Field> fields) {
    return !fields.get(2).text.startsWith("*") && !fields.get(4).text.startsWith("*");
  }

  /** Whether no day of a leap year is meant. */
  private static boolean never(List<Field> fields) {
    return !either(fields)
        && LocalDate.of(2024, 1, 1)
            .datesUntil(LocalDate.of(2025, 1, 1))
            .noneMatch(
                date ->
                    fields.get(3).values.get(date.getMonthValue())
                        && fields.get(2).values.get(date.getDayOfMonth()));
  }

  /**
   * @param weight of what is no star, in five
   */
  private Field field(int first, int last, int weight) {
    BitSet values = new BitSet();
    if (random.nextInt(5) >= weight) {
      values.set(first, last + 1);
      return new Field("*", values);
    }
    List<String> items = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      items.add(item(first, last, values));
    }
    return new Field(String.join(",", items), values);
  }

  private String item(int first, int last, BitSet values) {
    int size = last - first + 1;
    int from = first + random.nextInt(size);
    int to = first + random.nextInt(size);
    int step = 1 + random.nextInt(Math.min(last, 20));
    switch (random.nextInt(6)) {
      case 0 -> {
        return steps(new Walk(first, last, step), "*", size, values);
      }
      case 1 -> {
        return steps(new Walk(from, last, step), name(from, last), size, values);
      }
      case 2 -> {
        String range = name(from, last) + "-" + name(to, last);
        return steps(new Walk(from, to, random.nextBoolean() ? 1 : step), range, size, values);
      }
      default -> {
        values.set(from);
        return name(from, last);
      }
    }
  }

  /** Walks from one value to another, around the end if need be. */
  private static String steps(Walk walk, String text, int size, BitSet values) {
    int first = size == 31 || size == 12 ? 1 : 0;
    int at = walk.from;
    for (int walked = 0; ; walked++) {
      if (walked % walk.step == 0) {
        values.set(at);
      }
      if (at == walk.to) {
        return walk.step == 1 && text.indexOf('-') > 0 ? text : text + "/" + walk.step;
      }
      at = at == first + size - 1 ? first : at + 1;
    }
  }

  private String name(int value, int last) {
    boolean named = random.nextInt(3) == 0;
    return switch (last) {
      case 12 -> named ? MONTHS.get(value - 1) : String.valueOf(value);
      case 6 -> named ? DAYS.get(value) : String.valueOf(value);
      default -> (named && value < 10 ? "0" : "") + value;
    };
  }
}
