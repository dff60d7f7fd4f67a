package dev.rookery.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Twenty zones, ten years, random expressions: nothing fires too often, too rarely or elsewhere.
 */
final class ClockPropertiesTest {
  private static final Instant BEGIN = Instant.parse("2011-06-01T00:00:00Z");
  private static final int YEARS = 10;
  private static final Duration YEAR = Duration.ofDays(366);

  /** Apia's skipped day lies 97 days after the change before it. */
  private static final Duration BEFORE = Duration.ofDays(15);

  private static final Duration SPAN = Duration.ofDays(120);

  static final List<String> ZONES = ClockProperties.ZONES;

  @Test
  void around_a_change_of_the_clock_it_fires_as_the_clock_of_the_place_says() {
    Random random = new Random(11);
    for (String zone : ZONES) {
      int year = zone.equals("Pacific/Apia") ? 0 : random.nextInt(YEARS);
      Instant begin = BEGIN.plus(YEAR.multipliedBy(year));
      var change = ZoneId.of(zone).getRules().nextTransition(begin);
      Instant from = (change == null ? begin : change.getInstant()).minus(BEFORE);
      new ClockProperties(random.nextLong()).check(zone, from, from.plus(SPAN), 8);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @FieldSource("ZONES")
  void ten_years_fire_as_the_clock_of_the_place_says(String zone) {
    Instant until = BEGIN.plus(YEAR.multipliedBy(YEARS));
    new ClockProperties(zone.hashCode()).check(zone, BEGIN, until, 20);
  }
}
