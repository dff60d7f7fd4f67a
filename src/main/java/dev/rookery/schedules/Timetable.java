package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something is due. Every answer is computed from the zone rules of this moment; nothing about
 * the future is kept, so a new zone database is followed at once. Instants are whole milliseconds,
 * in the years 1800 to 2999; outside of them nothing is due. Source: spec 01, section "Schedules".
 */
public sealed interface Timetable {

  /** The first instant that is due strictly after this one; empty when there is none. */
  Optional<Instant> next(Instant after);

  /** The last instant that was due strictly before this one; empty when there is none. */
  Optional<Instant> previous(Instant before);

  /** For people: "every Monday to Friday at 09:00 (Europe/Berlin)". */
  String inWords();

  /**
   * What changes of the clock do to it, for people: local times in (from, to] that do not exist or
   * come twice, and what is fired for them. At most 20 sentences.
   */
  default List<String> notes(Instant from, Instant to) {
    return List.of();
  }

  /**
   * What is due in (from, to]: the earliest instants, at most {@code cap}, and how many there are.
   * An interval is counted by arithmetic; the others take well under a microsecond per instant.
   */
  default Expected between(Instant from, Instant to, int cap) {
    List<Instant> earliest = new ArrayList<>();
    long count = 0;
    Optional<Instant> due = next(from);
    while (due.isPresent() && !due.get().isAfter(to)) {
      if (count++ < cap) {
        earliest.add(due.get());
      }
      due = next(due.get());
    }
    return new Expected(earliest, count);
  }

  /** The latest instants due in (from, to], at most {@code cap}, in the order of time. */
  default List<Instant> latest(Instant from, Instant to, int cap) {
    List<Instant> latest = new ArrayList<>();
    Optional<Instant> due = previous(to.isBefore(Era.END) ? to.plusNanos(1) : Era.END);
    while (latest.size() < cap && due.isPresent() && due.get().isAfter(from)) {
      latest.add(due.get());
      due = previous(due.get());
    }
    return latest.reversed();
  }

  /**
   * What is due in a span of time.
   *
   * @param earliest in order; fewer than {@code count} when they were capped
   */
  record Expected(List<Instant> earliest, long count) {
    public Expected {
      earliest = List.copyOf(earliest);
    }
  }

  /**
   * {@code anchor + n·every} for every whole n, also negative ones: the anchor is a phase, not a
   * start. Never drifts.
   *
   * @param every a second to 36,500 days, in whole milliseconds
   * @param anchor shortened to whole milliseconds
   */
  record Interval(Duration every, Instant anchor) implements Timetable {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * @throws Refusal {@code bad-interval}, {@code bad-time}
     */
    public Interval {
      if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
        throw Refusal.badInput(
            "bad-interval",
            "An interval of %s is refused: it lasts from 1 second to 36500 days.",
            every);
      }
      if (!every.truncatedTo(ChronoUnit.MILLIS).equals(every)) {
        throw Refusal.badInput(
            "bad-interval", "An interval of %s is refused: give whole milliseconds.", every);
      }
      anchor = Era.check(anchor, "anchor");
    }

    @Override
    public Optional<Instant> next(Instant after) {
      return at(beat(Era.clamp(after)) + 1);
    }

    @Override
    public Optional<Instant> previous(Instant before) {
      return at(beat(Era.clamp(before).minusNanos(1)));
    }

    @Override
    public Expected between(Instant from, Instant to, int cap) {
      long first = beat(Era.clamp(from)) + 1;
      long last = beat(Era.clamp(to.isBefore(Era.END) ? to : Era.END.minusNanos(1)));
      List<Instant> earliest = new ArrayList<>();
      for (long n = first; n <= last && earliest.size() < cap; n++) {
        earliest.add(anchor.plusMillis(n * every.toMillis()));
      }
      return new Expected(earliest, Math.max(0, last - first + 1));
    }

    /** The last n whose instant is not after this one. */
    private long beat(Instant at) {
      return Math.floorDiv(at.toEpochMilli() - anchor.toEpochMilli(), every.toMillis());
    }

    private Optional<Instant> at(long n) {
      return Optional.of(anchor.plusMillis(n * every.toMillis())).filter(Era::holds);
    }

    @Override
    public String inWords() {
      return "every %s, counted from %s".formatted(Durations.inWords(every), anchor);
    }
  }

  /**
   * Local times of each day. A time that does not exist on a day fires at the first instant after
   * it that does; one that comes twice fires the first time. Times that fall on one instant fire
   * once.
   *
   * @param times 1 to 100 in whole seconds; kept in order, each once
   */
  record Daily(List<LocalTime> times, ZoneId zone) implements Timetable {
    private static final int MOST = 100;

    /**
     * @throws Refusal {@code bad-time}, {@code unknown-zone}
     */
    public Daily {
      times = times.stream().sorted().distinct().toList();
      if (times.isEmpty() || times.size() > MOST) {
        throw Refusal.badInput(
            "bad-time", "Give 1 to %d times of day, not %d.", MOST, times.size());
      }
      if (times.stream().anyMatch(time -> !time.truncatedTo(ChronoUnit.SECONDS).equals(time))) {
        throw Refusal.badInput("bad-time", "A time of day has whole seconds, such as 09:00:30.");
      }
      Zones.check(zone);
    }

    @Override
    public Optional<Instant> next(Instant after) {
      return clock().next(after);
    }

    @Override
    public Optional<Instant> previous(Instant before) {
      return clock().previous(before);
    }

    @Override
    public String inWords() {
      return "every day at %s (%s)".formatted(WordRules.list(times), zone);
    }

    @Override
    public List<String> notes(Instant from, Instant to) {
      return NoteRules.notes(clock(), zone, from, to);
    }

    private WallClock clock() {
      return new WallClock.Fixed(new TimesOfDay(times), Zones.rules(zone));
    }
  }

  /** What a cron expression says in a zone. */
  record Cron(CronExpression expression, ZoneId zone) implements Timetable {
    /**
     * @throws Refusal {@code unknown-zone}
     */
    public Cron {
      Zones.check(zone);
    }

    @Override
    public Optional<Instant> next(Instant after) {
      return clock().next(after);
    }

    @Override
    public Optional<Instant> previous(Instant before) {
      return clock().previous(before);
    }

    @Override
    public String inWords() {
      return "%s (%s)".formatted(WordRules.words(expression), zone);
    }

    @Override
    public List<String> notes(Instant from, Instant to) {
      return NoteRules.notes(clock(), zone, from, to);
    }

    private WallClock clock() {
      return expression.recurring()
          ? new WallClock.Recurring(expression, Zones.rules(zone))
          : new WallClock.Fixed(expression, Zones.rules(zone));
    }
  }

  /**
   * A single instant.
   *
   * @param at shortened to whole milliseconds
   */
  record Once(Instant at) implements Timetable {
    /**
     * @throws Refusal {@code bad-time}
     */
    public Once {
      at = Era.check(at, "time");
    }

    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(at).filter(it -> it.isAfter(after));
    }

    @Override
    public Optional<Instant> previous(Instant before) {
      return Optional.of(at).filter(it -> it.isBefore(before));
    }

    @Override
    public String inWords() {
      return "once, at " + at;
    }
  }

  /**
   * Reads an interval such as {@code 90s}, {@code 1h30m}, {@code 2d} or {@code PT90S}.
   *
   * @param anchor null for 1970-01-01T00:00Z: an hourly interval fires on the hours of UTC then
   * @throws Refusal {@code bad-interval}, {@code bad-time}
   */
  static Interval interval(String every, @Nullable Instant anchor) {
    return new Interval(Durations.read(every), anchor == null ? Instant.EPOCH : anchor);
  }

  /**
   * Reads local times such as {@code 09:00} or {@code 17:30:15}.
   *
   * @throws Refusal {@code bad-time}, {@code unknown-zone}
   */
  static Daily daily(List<String> times, String zone) {
    return new Daily(times.stream().map(Times::time).toList(), Zones.of(zone));
  }

  /**
   * Reads a cron expression, see {@link CronExpression#read}.
   *
   * @throws Refusal {@code bad-cron}, {@code never-fires}, {@code unknown-zone}
   */
  static Cron cron(String expression, String zone) {
    return new Cron(CronExpression.read(expression), Zones.of(zone));
  }

  /**
   * Reads a time as {@link Times#instant} does.
   *
   * @throws Refusal {@code bad-time}, {@code unknown-zone}
   */
  static Once once(String at, String zone) {
    return new Once(Times.instant(at, Zones.of(zone)));
  }
}
