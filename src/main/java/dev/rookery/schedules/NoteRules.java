package dev.rookery.schedules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;

/** Says what changes of the clock do to local times that are meant. Pure. */
final class NoteRules {
  private static final int MOST_NOTES = 20;
  private static final int MOST_TIMES = 3;

  private NoteRules() {}

  static List<String> notes(WallClock clock, ZoneId zone, Instant from, Instant to) {
    List<String> notes = new ArrayList<>();
    ZoneOffsetTransition change = clock.rules().nextTransition(Era.clamp(from));
    Instant end = Era.clamp(to);
    while (change != null && notes.size() < MOST_NOTES && !begin(change).isAfter(end)) {
      List<String> times = times(clock.pattern(), change);
      if (!times.isEmpty()) {
        notes.add(note(clock, zone, change, times));
      }
      change = clock.rules().nextTransition(change.getInstant());
    }
    return notes;
  }

  /** The first pass of a repeated hour lies before the change. */
  private static Instant begin(ZoneOffsetTransition change) {
    return change.isGap() ? change.getInstant() : change.getInstant().plus(change.getDuration());
  }

  /** What is meant of the times that are skipped or repeated. */
  private static List<String> times(LocalPattern pattern, ZoneOffsetTransition change) {
    boolean gap = change.isGap();
    long end = WallClock.seconds(gap ? change.getDateTimeAfter() : change.getDateTimeBefore());
    long local =
        pattern.atOrAfter(
            WallClock.seconds(gap ? change.getDateTimeBefore() : change.getDateTimeAfter()));
    List<String> times = new ArrayList<>();
    int more = 0;
    while (local < end) {
      if (times.size() < MOST_TIMES) {
        times.add(text(WallClock.dateTime(local)));
      } else {
        more++;
      }
      local = pattern.atOrAfter(local + 1);
    }
    if (more > 0) {
      times.add(more + " more");
    }
    return times;
  }

  private static String note(
      WallClock clock, ZoneId zone, ZoneOffsetTransition change, List<String> times) {
    boolean one = times.size() == 1;
    String where = " in %s, where the clock goes %s; ".formatted(zone, shift(change));
    String what =
        change.isGap()
            ? one ? " does not exist" : " do not exist"
            : one ? " comes twice" : " come twice";
    return WordRules.list(times) + what + where + consequence(clock, change);
  }

  private static String consequence(WallClock clock, ZoneOffsetTransition change) {
    return switch (clock) {
      case WallClock.Fixed _ when change.isGap() ->
          "it fires once, at %s instead."
              .formatted(change.getInstant().atOffset(change.getOffsetAfter()));
      case WallClock.Fixed _ ->
          "it fires once, the first time (offset %s).".formatted(change.getOffsetBefore());
      case WallClock.Recurring _ when change.isGap() -> "nothing fires for that.";
      case WallClock.Recurring _ ->
          "it fires both times (offsets %s and %s)."
              .formatted(change.getOffsetBefore(), change.getOffsetAfter());
    };
  }

  private static String shift(ZoneOffsetTransition change) {
    LocalDateTime before = change.getDateTimeBefore();
    LocalDateTime after = change.getDateTimeAfter();
    boolean sameDay = before.toLocalDate().equals(after.toLocalDate());
    return "from %s %sto %s"
        .formatted(
            text(before),
            change.isGap() ? "" : "back ",
            sameDay ? after.toLocalTime() : text(after));
  }

  private static String text(LocalDateTime local) {
    return local.toString().replace('T', ' ');
  }
}
