package dev.rookery.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          61 * * * *        | minute 61 in field 1 (minute, character 1) of '61 * * * *': allowed are 0-59
          5 9,24 * * *      | hour 24 in field 2 (hour, character 5) of '5 9,24 * * *': allowed are 0-23
          0 0 0 * *         | day of month 0 in field 3 (day of month, character 5)
          0 0  1-32 * *     | day of month 32 in field 3 (day of month, character 8)
          * * * foo *       | 'foo' in field 4 (month, character 7) of '* * * foo *': allowed are 1-12 and jan-dec
          * * * * mon-8     | day of week 8 in field 5 (day of week, character 13)
          1,,2 * * * *      | a missing value in field 1 (minute, character 3)
          */0 * * * *       | step 0 in field 1 (minute, character 3) of '*/0 * * * *': after '/' allowed are 1-59
          */90 * * * *      | step 90 in field 1
          */x * * * *       | step 'x' in field 1
          */5/2 * * * *     | step '5/2' in field 1
          99999999999 * * * * | minute 99999999999 in field 1
          * * * *           | it has 4 fields; five are needed
          0 * * * * *       | it has 6 fields; five are needed: minute, hour, day of month, month, day of week. There are no seconds: for less than a minute use an interval
          @reboot           | allowed are @hourly, @daily
          ""                | it has 0 fields
          """)
  void a_mistake_is_shown_where_it_is(String expression, String message) {
    assertThatThrownBy(() -> CronExpression.read(expression))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(message)
        .hasMessageContaining("rookery schedules preview --cron")
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("bad-cron");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 2 31 2 *        | February has no day 31
          0 0 30,31 feb *    | February has no day 30
          0 0 31 4,6,9,11 *  | April, June, September and November have no day 31
          0 0 31 2 */2       | February has no day 31
          0 0 31 2 ?         | February has no day 31
          """)
  void a_date_that_never_comes_is_refused(String expression, String reason) {
    assertThatThrownBy(() -> CronExpression.read(expression))
        .hasMessageContaining("never fires")
        .hasMessageContaining(reason)
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("never-fires");
  }

  @Test
  void a_hostile_length_is_refused() {
    assertThatThrownBy(() -> CronExpression.read("1," + "1,".repeat(100_000) + "1 * * * *"))
        .hasMessageContaining("at most 500")
        .hasMessageMatching("(?s).{1,400}");
  }

  @Test
  void two_restricted_days_keep_a_date_that_never_comes_alive() {
    Timetable cron = Timetable.cron("0 0 31 2 mon", "UTC");

    assertThat(cron.next(Instant.parse("2026-01-01T00:00:00Z")))
        .isEqualTo(Optional.of(Instant.parse("2026-02-02T00:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 29 2 *,1896-02-29T00:00:00Z,1904-02-29T00:00:00Z",
    "0 0 29 2 *,2096-03-01T00:00:00Z,2104-02-29T00:00:00Z",
    "0 0 29 2 *,1999-12-31T00:00:00Z,2000-02-29T00:00:00Z",
    "0 0 29 2 */7,2088-02-29T00:00:00Z,2128-02-29T00:00:00Z",
    "59 23 31 12 *,2026-12-31T23:59:00Z,2027-12-31T23:59:00Z",
  })
  void rare_dates_are_found_both_ways(String expression, Instant one, Instant next) {
    Timetable cron = Timetable.cron(expression, "UTC");
    assertThat(cron.next(one)).isEqualTo(Optional.of(next));
    Instant before = cron.previous(next).orElseThrow();
    assertThat(before).isBeforeOrEqualTo(one);
    assertThat(cron.next(before)).isEqualTo(Optional.of(next));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 29 2 *", "* * * * *", "30 1 * * *", "0 0 1 1 *"})
  void beyond_the_years_there_is_nothing(String expression) {
    Timetable cron = Timetable.cron(expression, "America/New_York");
    assertThat(cron.next(Instant.MAX)).isEmpty();
    assertThat(cron.previous(Instant.MIN)).isEmpty();
    assertThat(cron.next(Instant.MIN).orElseThrow()).isBetween(Era.START, instant("1805"));
    assertThat(cron.previous(Instant.MAX).orElseThrow()).isBetween(instant("2990"), Era.END);
  }

  private static Instant instant(String year) {
    return Instant.parse(year + "-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 9 * * 1-5         | every Monday to Friday at 09:00
          30 2 * * *          | every day at 02:30
          @daily              | every day at 00:00
          @hourly             | every hour
          @weekly             | every Sunday at 00:00
          @yearly             | on day 1 of January at 00:00
          0 9,17 1,15 * *     | on day 1 and 15 of every month at 09:00 and 17:00
          * * * * *           | every minute
          */15 * * * *        | every 15 minutes
          */15 8-17 * * 1-5   | every 15 minutes in the hours 08-17, every Monday to Friday
          5 * * * *           | every hour at minute 5
          */7 * * * *         | every hour at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56
          0 */2 * * *         | on the hour of every 2 hours from 00:00
          30 22-2 * * *       | every day at 00:30, 01:30, 02:30, 22:30 and 23:30
          0 0 13 * 5          | on day 13 of every month and on every Friday at 00:00
          0 0 */10 * sun      | on day 1, 11, 21 and 31 of every month if it is a Sunday at 00:00
          0 0 * 6-8 sat,sun   | every Saturday and Sunday in June to August at 00:00
          0 0 * 12 *          | every day in December at 00:00
          """)
  void it_is_said_in_words(String expression, String words) {
    assertThat(Timetable.cron(expression, "Europe/Berlin").inWords())
        .isEqualTo(words + " (Europe/Berlin)");
  }

  @ParameterizedTest
  @CsvSource({
    "'0 0 * * *',false",
    "'0,30 1,2 * * *',false",
    "'@daily',false",
    "'@hourly',true",
    "'0-5 1 * * *',true",
    "'0 2-2 * * *',true",
    "'*/30 1 * * *',true",
    "'0 0 */2 1-6 mon-fri',false",
  })
  void minute_and_hour_tell_the_recurring_from_the_fixed(String expression, boolean recurring) {
    assertThat(CronExpression.read(expression).recurring()).isEqualTo(recurring);
  }
}
