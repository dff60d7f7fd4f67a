package dev.rookery.occurrences;

import java.time.Instant;
import java.util.List;

/**
 * What a schedule would do that is not saved.
 *
 * @param words such as "every day at 09:00 (UTC)"
 * @param times the next ones
 * @param notes what changes of the clock do among them
 */
public record Preview(String words, List<Instant> times, List<String> notes) {
  public Preview {
    times = List.copyOf(times);
    notes = List.copyOf(notes);
  }
}
