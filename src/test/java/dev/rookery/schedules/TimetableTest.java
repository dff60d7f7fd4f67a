package dev.rookery.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimetableTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static List<String> times(Timetable timetable, String from, int count) {
    List<String> times = new ArrayList<>();
    Instant at = OffsetDateTime.parse(from).toInstant().minusNanos(1);
    ZoneId zone =
        switch (timetable) {
          case Timetable.Cron cron -> cron.zone();
          case Timetable.Daily daily -> daily.zone();
          case Timetable.Interval _, Timetable.Once _ -> ZoneId.of("UTC");
        };
    for (int i = 0; i < count; i++) {
      at = timetable.next(at).orElseThrow();
      times.add(at.atZone(zone).toOffsetDateTime().toString());
    }
    return times;
  }

  @Test
  void a_fixed_time_in_a_gap_fires_once_at_the_first_instant_after_it() {
    Timetable cron = Timetable.cron("30 2 * * *", "America/New_York");

    assertThat(times(cron, "2026-03-07T00:00-05:00", 4))
        .containsExactly(
            "2026-03-07T02:30-05:00",
            "2026-03-08T03:00-04:00",
            "2026-03-09T02:30-04:00",
            "2026-03-10T02:30-04:00");
    assertThat(
            cron.notes(
                Instant.parse("2026-03-07T05:00:00Z"), Instant.parse("2026-03-10T06:30:00Z")))
        .containsExactly(
            "2026-03-08 02:30 does not exist in America/New_York, where the clock goes from"
                + " 2026-03-08 02:00 to 03:00; it fires once, at 2026-03-08T03:00-04:00 instead.");
  }

  @Test
  void a_fixed_time_in_an_overlap_fires_once_the_first_time() {
    Timetable cron = Timetable.cron("30 1 * * *", "America/New_York");

    assertThat(times(cron, "2026-11-01T00:00-04:00", 2))
        .containsExactly("2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00");
    assertThat(times(cron, "2026-11-01T01:10-05:00", 1)).containsExactly("2026-11-02T01:30-05:00");
    assertThat(
            cron.notes(
                Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-01T05:30:00Z")))
        .containsExactly(
            "2026-11-01 01:30 comes twice in America/New_York, where the clock goes from"
                + " 2026-11-01 02:00 back to 01:00; it fires once, the first time (offset -04:00).");
  }

  @Test
  void a_recurring_one_follows_the_clock_of_the_wall() {
    Timetable cron = Timetable.cron("*/30 1-2 * * *", "America/New_York");

    assertThat(times(cron, "2026-03-08T00:00-05:00", 3))
        .containsExactly(
            "2026-03-08T01:00-05:00", "2026-03-08T01:30-05:00", "2026-03-09T01:00-04:00");
    assertThat(times(cron, "2026-11-01T00:00-04:00", 5))
        .containsExactly(
            "2026-11-01T01:00-04:00",
            "2026-11-01T01:30-04:00",
            "2026-11-01T01:00-05:00",
            "2026-11-01T01:30-05:00",
            "2026-11-01T02:00-05:00");
    assertThat(cron.notes(NOON.minus(Duration.ofDays(365)), NOON))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("2026-03-08 02:00 and 2026-03-08 02:30 do not exist")
        .endsWith("nothing fires for that.");
  }

  @Test
  void a_day_that_is_skipped_whole_fires_at_its_end() {
    Timetable daily = Timetable.daily(List.of("09:00", "17:30"), "Pacific/Apia");

    assertThat(times(daily, "2011-12-29T12:00-10:00", 3))
        .containsExactly(
            "2011-12-29T17:30-10:00", "2011-12-31T00:00+14:00", "2011-12-31T09:00+14:00");
  }

  @Test
  void two_daily_times_on_one_instant_fire_once() {
    Timetable daily = Timetable.daily(List.of("2:45", "02:15:30", "02:15:30"), "America/New_York");

    assertThat(times(daily, "2026-03-07T00:00-05:00", 4))
        .containsExactly(
            "2026-03-07T02:15:30-05:00",
            "2026-03-07T02:45-05:00",
            "2026-03-08T03:00-04:00",
            "2026-03-09T02:15:30-04:00");
    assertThat(daily.inWords()).isEqualTo("every day at 02:15:30 and 02:45 (America/New_York)");
    Instant to = Instant.parse("2026-03-09T12:00:00Z");
    assertThat(daily.latest(to.minus(Duration.ofDays(3)), to, 3))
        .hasSize(3)
        .last()
        .isEqualTo(daily.previous(to).orElseThrow());
  }

  @Test
  void half_an_hour_is_a_gap_too() {
    Timetable cron = Timetable.cron("15 2 * * *", "Australia/Lord_Howe");

    assertThat(times(cron, "2026-10-04T00:00+10:30", 2))
        .containsExactly("2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00");
  }

  @Test
  void an_interval_never_drifts() {
    Timetable every = Timetable.interval("90s", Instant.parse("2026-01-01T00:00:00.250Z"));

    assertThat(times(every, "2026-01-01T00:00:01Z", 2))
        .containsExactly("2026-01-01T00:01:30.250Z", "2026-01-01T00:03:00.250Z");
    assertThat(every.next(Instant.parse("2025-12-31T23:58:29Z")))
        .isEqualTo(Optional.of(Instant.parse("2025-12-31T23:58:30.250Z")));
    Instant due = Instant.parse("2026-01-01T00:00:00.250Z");
    assertThat(every.next(due)).isEqualTo(Optional.of(due.plusSeconds(90)));
    assertThat(every.next(due.minusNanos(1))).isEqualTo(Optional.of(due));
    assertThat(every.previous(due)).isEqualTo(Optional.of(due.minusSeconds(90)));
    assertThat(every.previous(due.plusNanos(1))).isEqualTo(Optional.of(due));
    assertThat(every.next(Instant.MAX)).isEmpty();
    assertThat(every.previous(Instant.MIN)).isEmpty();
    assertThat(every.inWords())
        .isEqualTo("every 1 minute and 30 seconds, counted from 2026-01-01T00:00:00.250Z");
    assertThat(Timetable.interval("1h", null).inWords())
        .isEqualTo("every hour, counted from 1970-01-01T00:00:00Z");
  }

  @Test
  void what_was_due_is_counted_without_being_listed() {
    Timetable every = Timetable.interval("1s", null);
    Instant from = NOON.minus(Duration.ofDays(3));

    Timetable.Expected expected = every.between(from, NOON, 2);
    assertThat(expected.count()).isEqualTo(3 * 24 * 3600);
    assertThat(expected.earliest()).containsExactly(from.plusSeconds(1), from.plusSeconds(2));
    assertThat(every.latest(from, NOON, 2)).containsExactly(NOON.minusSeconds(1), NOON);
    assertThat(every.between(NOON, NOON, 9)).isEqualTo(new Timetable.Expected(List.of(), 0));
    assertThat(every.between(NOON, from, 9).count()).isZero();
    assertThat(every.between(Instant.MIN, Instant.MAX, 0).count()).isGreaterThan(37_000_000_000L);

    Timetable cron = Timetable.cron("* * * * *", "Europe/Berlin");
    assertThat(cron.between(from, NOON, 1))
        .isEqualTo(new Timetable.Expected(List.of(from.plusSeconds(60)), 3 * 24 * 60));
  }

  @Test
  void once_is_due_once() {
    Timetable once = Timetable.once("2026-11-20T13:00", "Europe/Berlin");

    assertThat(once.next(NOON.minusMillis(1))).isEqualTo(Optional.of(NOON));
    assertThat(once.next(NOON)).isEmpty();
    assertThat(once.previous(NOON)).isEmpty();
    assertThat(once.between(NOON.minusSeconds(1), NOON, 5).count()).isEqualTo(1);
    assertThat(once.inWords()).isEqualTo("once, at 2026-11-20T12:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-08,2026-03-08T05:00:00Z",
    "2026-03-08T02:30,2026-03-08T07:00:00Z",
    "2026-03-08 09:00,2026-03-08T13:00:00Z",
    "2026-11-01T01:30,2026-11-01T05:30:00Z",
    "2026-11-01T01:30-05:00,2026-11-01T06:30:00Z",
    "2026-11-01T01:30:00.1239Z,2026-11-01T01:30:00.123Z",
  })
  void times_are_read_in_their_zone(String text, Instant instant) {
    assertThat(Times.instant(text, Zones.of("America/New_York"))).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "2026-13-01", "2026-02-30", "3026-01-01", "1799-01-01", "", "T"})
  void other_times_are_refused(String text) {
    assertThatThrownBy(() -> Times.instant(text, Zones.of("UTC")))
        .isInstanceOf(Refusal.class)
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("bad-time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0s", "999", "", "1.5s", "PT0.5S", "PT1.0001S", "-5m", "99999999d", "5 m"})
  void other_intervals_are_refused(String text) {
    assertThatThrownBy(() -> Timetable.interval(text, null))
        .isInstanceOf(Refusal.class)
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("bad-interval");
  }

  @ParameterizedTest
  @ValueSource(strings = {"24:00", "9", "09:60", "9:5", "", "09:00:00.5", "noon"})
  void other_times_of_day_are_refused(String text) {
    assertThatThrownBy(() -> Timetable.daily(List.of(text), "UTC"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("is no time of day");
  }

  @ParameterizedTest
  @CsvSource({
    "europe/berlin,Europe/Berlin",
    "Berlin,Europe/Berlin",
    "Europe/Berln,Europe/Berlin",
    "new york,America/New_York",
    "America/New York,America/New_York",
    "+02:00,Give an IANA name",
    "Z,",
  })
  void an_unknown_zone_is_refused_with_near_names(String zone, String near) {
    assertThatThrownBy(() -> Timetable.cron("@daily", zone))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("There is no time zone '" + zone + "'")
        .hasMessageContaining(near == null ? "" : near);
  }
}
