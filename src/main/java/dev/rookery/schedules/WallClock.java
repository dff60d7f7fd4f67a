package dev.rookery.schedules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Local times on the clock of a place, which now and then skips or repeats some. */
sealed interface WallClock {
  long NONE_AFTER = LocalPattern.NONE_AFTER;
  long NONE_BEFORE = LocalPattern.NONE_BEFORE;

  LocalPattern pattern();

  ZoneRules rules();

  /** The first epoch second later than this one; {@link #NONE_AFTER} when there is none. */
  long nextSecond(long after);

  /** The last epoch second that is at most this one; {@link #NONE_BEFORE} when there is none. */
  long lastSecond(long atMost);

  default Optional<Instant> next(Instant after) {
    long second = nextSecond(Era.clamp(after).getEpochSecond());
    return second == NONE_AFTER ? Optional.empty() : inEra(second);
  }

  default Optional<Instant> previous(Instant before) {
    Instant clamped = Era.clamp(before);
    long second = lastSecond(clamped.getEpochSecond() - (clamped.getNano() == 0 ? 1 : 0));
    return second == NONE_BEFORE ? Optional.empty() : inEra(second);
  }

  private static Optional<Instant> inEra(long second) {
    Instant at = Instant.ofEpochSecond(second);
    return Era.holds(at) ? Optional.of(at) : Optional.empty();
  }

  default int offset(long second) {
    return rules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
  }

  /**
   * Each instant at which the clock shows a time that is meant: none for times that the clock
   * skips, two for times that it repeats.
   */
  record Recurring(LocalPattern pattern, ZoneRules rules) implements WallClock {
    /** From one change of the clock to the next; a pattern that fires at all ends it. */
    @Override
    public long nextSecond(long after) {
      long from = after + 1;
      while (true) {
        int offset = offset(from);
        long local = pattern.atOrAfter(from + offset);
        if (local == NONE_AFTER) {
          return NONE_AFTER;
        }
        ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochSecond(from));
        if (change == null || local - offset < change.toEpochSecond()) {
          return local - offset;
        }
        from = change.toEpochSecond();
      }
    }

    @Override
    public long lastSecond(long atMost) {
      long to = atMost;
      while (true) {
        int offset = offset(to);
        long local = pattern.atOrBefore(to + offset);
        if (local == NONE_BEFORE) {
          return NONE_BEFORE;
        }
        ZoneOffsetTransition change = rules.previousTransition(Instant.ofEpochSecond(to + 1));
        if (change == null || local - offset >= change.toEpochSecond()) {
          return local - offset;
        }
        to = change.toEpochSecond() - 1;
      }
    }
  }

  /**
   * Each local time that is meant, once: when the clock skips it, at the first instant after the
   * gap; when the clock repeats it, the first time.
   */
  record Fixed(LocalPattern pattern, ZoneRules rules) implements WallClock {
    @Override
    public long nextSecond(long after) {
      long local = pattern.atOrAfter(reached(after));
      while (local != NONE_AFTER && instant(local) <= after) {
        local = pattern.atOrAfter(local + 1);
      }
      return local == NONE_AFTER ? NONE_AFTER : instant(local);
    }

    @Override
    public long lastSecond(long atMost) {
      long local = pattern.atOrBefore(reached(atMost));
      while (local != NONE_BEFORE && instant(local) > atMost) {
        local = pattern.atOrBefore(local - 1);
      }
      return local == NONE_BEFORE ? NONE_BEFORE : instant(local);
    }

    /** The latest local time shown so far: while an overlap repeats, the last one before it. */
    private long reached(long second) {
      long clock = second + offset(second);
      ZoneOffsetTransition change = change(clock);
      return change != null && change.isOverlap() && second >= change.toEpochSecond()
          ? seconds(change.getDateTimeBefore()) - 1
          : clock;
    }

    private long instant(long local) {
      ZoneOffsetTransition change = change(local);
      if (change == null) {
        return local - rules.getOffset(dateTime(local)).getTotalSeconds();
      }
      return change.isGap()
          ? change.toEpochSecond()
          : local - change.getOffsetBefore().getTotalSeconds();
    }

    /** The change of the clock that skips or repeats this local time. */
    private @Nullable ZoneOffsetTransition change(long local) {
      return rules.getTransition(dateTime(local));
    }
  }

  static LocalDateTime dateTime(long local) {
    return LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
  }

  static long seconds(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC);
  }
}
