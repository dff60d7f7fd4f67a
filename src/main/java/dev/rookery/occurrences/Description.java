package dev.rookery.occurrences;

import dev.rookery.kernel.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as people see it. All of it is read from the ledger and computed from the timetable;
 * nothing is kept apart.
 *
 * @param words such as "every Monday to Friday at 09:00 (Europe/Berlin)"
 * @param ahead what comes
 * @param last the last ten lines of the ledger, newest first
 * @param counts times per verdict, since the schedule was made
 */
public record Description(
    String words,
    Ahead ahead,
    List<Occurrence> last,
    Map<Verdict, Long> counts,
    Past past,
    Health health) {

  /**
   * What comes.
   *
   * @param next the next ten times, of the timetable alone
   * @param nextRunAt when it fires next; null when it is off, paused for good, or over
   * @param notes what changes of the clock do to the next times
   */
  public record Ahead(List<Instant> next, @Nullable Instant nextRunAt, List<String> notes) {
    public Ahead {
      next = List.copyOf(next);
      notes = List.copyOf(notes);
    }
  }

  /** The last time that made a run. */
  public record Past(@Nullable RunId lastRunId, @Nullable Instant lastRunAt) {}

  /**
   * How it fares.
   *
   * @param failing its last run that ended did not succeed
   * @param failuresInARow since the last success, or since it was resumed
   * @param watermark every time up to here has a verdict
   */
  public record Health(boolean failing, int failuresInARow, Instant watermark) {}

  public Description {
    last = List.copyOf(last);
    counts = Map.copyOf(counts);
  }
}
