package dev.rookery.occurrences;

import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.occurrences.ScheduleConfig.CatchUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What becomes of times that were not met in time (spec 01, missed and catch_up_window). Pure. */
final class CatchUpRules {
  private CatchUpRules() {}

  /**
   * One ruling per time, in their order.
   *
   * @param times that are past, in order, ending with the latest
   * @param met whether a later time fires in time now; one run then makes up for all
   */
  static List<Ruling> rule(List<Instant> times, CatchUp settings, Instant now, boolean met) {
    int worth =
        switch (settings.missed()) {
          case SKIP -> 0;
          case RUN_LAST -> met ? 0 : 1;
          case RUN_ALL -> settings.cap();
        };
    Instant oldest = now.minus(settings.window());
    List<Ruling> rulings = new ArrayList<>(times.size());
    for (int i = 0; i < times.size(); i++) {
      boolean old = times.get(i).isBefore(oldest);
      boolean last = i >= times.size() - worth;
      rulings.add(
          last && !old
              ? new Ruling(Verdict.LATE, "catch-up")
              : new Ruling(Verdict.MISSED, why(settings.missed(), old)));
    }
    return rulings;
  }

  private static String why(Missed missed, boolean old) {
    return switch (missed) {
      case SKIP -> "skip";
      case RUN_LAST -> old ? "older-than-window" : "superseded";
      case RUN_ALL -> old ? "older-than-window" : "over-cap";
    };
  }
}
