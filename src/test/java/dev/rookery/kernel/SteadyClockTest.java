package dev.rookery.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private Instant wall = START;
  private long nanos;
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

  @Test
  void it_follows_the_wall_clock_when_nothing_jumps() {
    passes(Duration.ofSeconds(10));

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
  }

  @Test
  void an_hour_forward_moves_it_by_no_more_than_a_twentieth_of_the_time_that_passed() {
    wall = wall.plus(Duration.ofHours(1));
    passes(Duration.ofSeconds(20));

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(21));
  }

  @Test
  void an_hour_back_never_turns_it_back() {
    wall = wall.minus(Duration.ofHours(1));
    Instant before = clock.instant();
    passes(Duration.ofSeconds(20));

    assertThat(clock.instant()).isAfter(before).isEqualTo(START.plusSeconds(19));
  }

  @Test
  void it_reaches_the_wall_clock_in_the_end() {
    wall = wall.plusSeconds(60);
    for (int i = 0; i < 30; i++) {
      passes(Duration.ofMinutes(1));
      clock.instant();
    }

    assertThat(clock.instant()).isEqualTo(wall);
  }

  private void passes(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }
}
