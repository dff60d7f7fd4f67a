package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T11:59:58.000Z, just now",
    "2026-11-20T11:59:30.000Z, 30 s ago",
    "2026-11-20T11:57:00.000Z, 3 min ago",
    "2026-11-20T07:00:00.000Z, 5 h ago",
    "2026-11-17T12:00:00.000Z, 3 days ago",
    "2026-10-01T09:30:00.000Z, 2026-10-01 09:30",
    "2026-11-20T12:10:00.000Z, in 10 min",
    "'', -",
    "yesterday, yesterday"
  })
  void times_are_said_as_people_say_them(String iso, String said) {
    assertThat(Ages.ago(iso, NOW, ZoneOffset.UTC)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T12:00:00.250Z, 250 ms",
    "2026-11-20T12:00:01.400Z, 1.4 s",
    "2026-11-20T12:05:00.000Z, 5 min",
    "'', ''"
  })
  void lengths_have_one_unit(String to, String said) {
    assertThat(Ages.between("2026-11-20T12:00:00.000Z", to)).isEqualTo(said);
  }
}
