package dev.rookery.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A government decides, the zone database follows, and so do the next times. */
final class ZoneChangeTest {
  private static final String PLACE = "Rookery/Changing";

  /** One place whose rules can be replaced. */
  private static final class Place extends ZoneRulesProvider {
    private volatile ZoneRules rules = ZoneRules.of(ZoneOffset.ofHours(1));

    @Override
    protected Set<String> provideZoneIds() {
      return Set.of(PLACE);
    }

    @Override
    protected ZoneRules provideRules(String zone, boolean forCaching) {
      return rules;
    }

    @Override
    protected NavigableMap<String, ZoneRules> provideVersions(String zone) {
      return new TreeMap<>(java.util.Map.of("now", rules));
    }
  }

  private static final Place GOVERNMENT = new Place();

  static {
    ZoneRulesProvider.registerProvider(GOVERNMENT);
  }

  @Test
  void a_timetable_follows_new_rules_at_once() {
    Instant noon = Instant.parse("2026-11-20T12:00:00Z");
    GOVERNMENT.rules = ZoneRules.of(ZoneOffset.ofHours(1));
    Timetable cron = Timetable.cron("0 9 * * *", PLACE);
    Timetable hourly = Timetable.cron("30 */6 * * *", PLACE);
    Timetable daily = new Timetable.Daily(List.of(LocalTime.of(9, 0)), Zones.of(PLACE));
    assertThat(cron.next(noon)).isEqualTo(Optional.of(Instant.parse("2026-11-21T08:00:00Z")));

    GOVERNMENT.rules = ZoneRules.of(ZoneOffset.ofHours(3));

    Instant six = Instant.parse("2026-11-21T06:00:00Z");
    assertThat(cron.next(noon)).isEqualTo(Optional.of(six));
    assertThat(daily.next(noon)).isEqualTo(Optional.of(six));
    assertThat(cron.previous(six.plusMillis(1))).isEqualTo(Optional.of(six));
    assertThat(hourly.next(noon)).isEqualTo(Optional.of(Instant.parse("2026-11-20T15:30:00Z")));
  }
}
