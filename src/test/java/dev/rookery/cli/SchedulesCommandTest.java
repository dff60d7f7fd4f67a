package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is due, without a server. */
class SchedulesCommandTest {
  private static final String GAP =
      "schedules|preview|--cron|30 2 * * *|--zone|America/New_York|--from|2026-03-07|--count|4";

  private static Shell.Result run(String line) {
    return new Shell().env("ROOKERY_URL", "http://127.0.0.1:1").run(line.split("\\|"));
  }

  @Test
  void times_are_printed_one_per_line_with_a_note_on_the_gap() {
    Shell.Result result = run(GAP);

    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines())
        .containsExactly(
            "2026-03-07T02:30-05:00",
            "2026-03-08T03:00-04:00",
            "2026-03-09T02:30-04:00",
            "2026-03-10T02:30-04:00");
    assertThat(result.err())
        .contains("every day at 02:30 (America/New_York)")
        .contains("Note: 2026-03-08 02:30 does not exist in America/New_York");
  }

  @Test
  void programs_get_one_object() {
    var json = Json.parse(run(GAP + "|--json").out());

    assertThat(json.path("schedule").asText()).isEqualTo("every day at 02:30 (America/New_York)");
    assertThat(json.path("zone").asText()).isEqualTo("America/New_York");
    assertThat(json.path("times")).hasSize(4);
    assertThat(json.path("times").get(1).asText()).isEqualTo("2026-03-08T03:00-04:00");
    assertThat(json.path("notes").get(0).asText()).contains("it fires once, at");
  }

  @Test
  void the_other_kinds_are_previewed_too() {
    assertThat(
            run("schedules|preview|--every|90s|--anchor|2026-11-20T12:00:30Z|--count|2").outLines())
        .containsExactly("2026-11-20T12:00:30Z", "2026-11-20T12:02Z");
    assertThat(
            run("schedules|preview|--daily|17:30,09:00|--zone|Europe/Berlin|--count|2|-q")
                .outLines())
        .containsExactly("2026-11-20T17:30+01:00", "2026-11-21T09:00+01:00");
    Shell.Result once = run("schedules|preview|--once|2026-12-24T18:00|--zone|Europe/Berlin");
    assertThat(once.outLines()).containsExactly("2026-12-24T18:00+01:00");
    assertThat(once.err()).contains("not due again");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedules|preview",
        "schedules|preview|--cron|@daily|--every|1h",
        "schedules|preview|--cron|@daily|--count|0",
        "schedules|preview|--cron|@daily|--anchor|2026-01-01",
        "schedules|preview|--cron|61 * * * *",
        "schedules|preview|--cron|30 2 31 2 *",
        "schedules|preview|--cron|@daily|--zone|Berlin",
        "schedules|preview|--cron|@daily|--from|soon",
      })
  void bad_usage_is_told(String line) {
    Shell.Result result = run(line);
    assertThat(result.exitCode()).isEqualTo(Exit.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotBlank();
  }
}
