package dev.rookery.spend;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WindowTest {
  @ParameterizedTest
  @CsvSource({
    "hour,  2026-03-29T01:59:59.999Z, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
    "hour,  2026-03-29T02:00:00Z,     2026-03-29T02:00:00Z, 2026-03-29T03:00:00Z",
    "day,   2026-12-31T23:59:59.999Z, 2026-12-31T00:00:00Z, 2027-01-01T00:00:00Z",
    "day,   2027-01-01T00:00:00Z,     2027-01-01T00:00:00Z, 2027-01-02T00:00:00Z",
    "month, 2028-02-29T12:00:00Z,     2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
    "month, 2026-12-31T23:59:59.999Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
  })
  void windows_follow_the_calendar_in_utc(String label, Instant at, Instant start, Instant end) {
    Window window = Window.of(label);
    assertThat(window.start(at.toEpochMilli())).isEqualTo(start.toEpochMilli());
    assertThat(window.end(start.toEpochMilli())).isEqualTo(end);
  }

  @Test
  void the_total_never_ends() {
    assertThat(Window.TOTAL.start(123)).isZero();
    assertThat(Window.TOTAL.end(0)).isNull();
    refused("bad-budget", () -> Window.of("week"));
  }

  @Property(tries = 300)
  void every_instant_is_in_its_window_and_windows_meet(
      @ForAll Window window, @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long at) {
    long start = window.start(at);
    assertThat(start).isLessThanOrEqualTo(at);
    if (window != Window.TOTAL) {
      long end = Objects.requireNonNull(window.end(start)).toEpochMilli();
      assertThat(end).isGreaterThan(at);
      assertThat(window.start(end)).isEqualTo(end);
      assertThat(window.start(end - 1)).isEqualTo(start);
    }
  }
}
