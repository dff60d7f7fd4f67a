package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.demo.Punctuality.Expected;
import dev.rookery.demo.Punctuality.Line;
import dev.rookery.demo.Punctuality.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PunctualityTest {
  private static final Instant ANCHOR = Instant.parse("2027-01-01T00:00:00Z");
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** Six times, from the anchor on. */
  private static final Expected SIX = new Expected(ANCHOR, EVERY, ANCHOR.minusMillis(1), at(5));

  private static final World WORLD = new World(3, 3, at(1).plusMillis(300), at(4).minusMillis(100));

  private static Instant at(int n) {
    return ANCHOR.plus(EVERY.multipliedBy(n));
  }

  private static Line fired(int n) {
    return new Line(at(n), at(n), "fired", "run_" + n, "done");
  }

  private static Line missed(int from, int to) {
    return new Line(at(from), at(to), "missed", "", "none");
  }

  private static Punctuality count(Line... lines) {
    return Punctuality.count(SIX, List.of(lines), WORLD);
  }

  @Test
  void each_time_with_one_verdict_is_exact() {
    Line late = new Line(at(3), at(3), "late", "run_3", "done");
    Punctuality found =
        Punctuality.count(
            SIX,
            List.of(fired(5), fired(4), late, missed(2, 2), fired(1), fired(0)),
            new World(5, 5, WORLD.killed(), WORLD.started()));

    assertThat(found)
        .isEqualTo(
            new Punctuality(EVERY, 6, 2, Map.of("fired", 4, "late", 1, "missed", 1), 5, 5, 0, 0));
    assertThat(found.words()).isEqualTo("4 fired, 1 late, 1 missed");
  }

  @Test
  void one_line_may_stand_for_a_stretch() {
    Punctuality found = count(fired(5), missed(2, 4), fired(1), fired(0));

    assertThat(found.verdicts()).isEqualTo(Map.of("fired", 3, "missed", 3));
    assertThat(found.unaccounted() + found.doubled()).isZero();
  }

  @Test
  void a_time_without_a_verdict_is_unaccounted_for() {
    assertThat(count(fired(5), missed(3, 4), fired(1), fired(0)).unaccounted()).isEqualTo(1);
    assertThat(count(fired(5), missed(2, 4), fired(1)).unaccounted()).isEqualTo(1);
  }

  @Test
  void a_run_that_did_not_end_well_or_is_of_two_times_is_unaccounted_for() {
    Line failed = new Line(at(1), at(1), "fired", "run_1", "failed");
    Line shared = new Line(at(1), at(1), "fired", "run_0", "done");

    assertThat(count(fired(5), missed(2, 4), failed, fired(0)).unaccounted()).isEqualTo(1);
    assertThat(count(fired(5), missed(2, 4), shared, fired(0)).unaccounted()).isEqualTo(1);
  }

  @Test
  void a_verdict_about_no_time_of_the_schedule_is_unaccounted_for() {
    Instant never = at(1).plusMillis(10);
    Line odd = new Line(never, never, "missed", "", "none");

    assertThat(count(fired(5), missed(2, 4), odd, fired(1), fired(0)).unaccounted()).isEqualTo(1);
  }

  @Test
  void a_second_verdict_run_or_message_is_double() {
    World more = new World(4, 4, WORLD.killed(), WORLD.started());

    assertThat(count(fired(5), missed(2, 4), missed(4, 4), fired(1), fired(0)).doubled())
        .isEqualTo(1);
    assertThat(
            Punctuality.count(SIX, List.of(fired(5), missed(2, 4), fired(1), fired(0)), more)
                .doubled())
        .isEqualTo(2);
  }
}
