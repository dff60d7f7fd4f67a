package dev.rookery.occurrences;

import dev.rookery.schedules.Timetable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a schedule policy, read from its {@code config}.
 *
 * @param prompt what the agent is told; text only, 1–20,000 characters
 * @param to key of the conversation in which the schedule speaks; null for one of its own
 * @param jitter longest random delay; never more than half of the time to the next instant
 * @param pauseAfterFailures so many failed runs in a row pause it; 0 for never
 * @param untrusted it was made on behalf of a stranger, and its prompt is nobody's order
 */
public record ScheduleConfig(
    Timetable timetable,
    String prompt,
    @Nullable String to,
    CatchUp catchUp,
    Overlap overlap,
    Duration jitter,
    int pauseAfterFailures,
    boolean untrusted) {

  /**
   * How missed times are made up for.
   *
   * @param cap of {@link Missed#RUN_ALL}
   * @param window how long a missed time is still worth anything
   */
  public record CatchUp(Missed missed, int cap, Duration window) {
    public static final CatchUp DEFAULT = new CatchUp(Missed.SKIP, 10, Duration.ofDays(1));
  }

  /** Whether both are due at the same instants, give or take the jitter. */
  boolean sameTimes(ScheduleConfig other) {
    return timetable.equals(other.timetable) && jitter.equals(other.jitter);
  }
}
