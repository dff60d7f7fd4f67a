package dev.rookery.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Twenty zones, ten years, random expressions: nothing fires too often, too rarely or elsewhere. */
final class ClockPropertiesTest {
  private static final Instant BEGIN = Instant.parse("2011-06-01T00:00:00Z");
  private static final int YEARS = 10;
  private static final Duration YEAR = Duration.ofDays(366);

  static final java.util.List<String> ZONES = ClockProperties.ZONES;

  @Test
  void a_year_in_each_zone_fires_as_the_clock_of_the_place_says() {
    Random random = new Random(11);
    for (String zone : ZONES) {
      int year = zone.equals("Pacific/Apia") ? 0 : random.nextInt(YEARS);
      Instant from = BEGIN.plus(YEAR.multipliedBy(year));
      new ClockProperties(random.nextLong()).check(zone, from, from.plus(YEAR), 12);
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
