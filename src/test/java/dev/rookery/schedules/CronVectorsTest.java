package dev.rookery.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What other engines answered. A row on which we differ must be one that is outside of our rules,
 * for a reason that is checked; the number of rows that agree is held, too.
 */
final class CronVectorsTest {
  /** Last days, nearest weekdays, counted weekdays, hashes: not part of the five-field language. */
  private static final Pattern OTHER_SYNTAX =
      Pattern.compile(
          "(?i).*(\\bL|W\\b|#|(SUN|MON|TUE|WED|THU|FRI|SAT|[0-9])L\\b|\\bH\\b|@every).*");

  private static JsonNode vectors(String name) {
    Path shared = Path.of(System.getProperty("rookery.shared", "../shared"));
    Path file = shared.resolve("vectors/04-cron").resolve(name);
    assumeTrue(Files.exists(file), () -> "no vectors " + name);
    try {
      return Json.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static Instant instant(String text) {
    return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private static List<Instant> instants(JsonNode texts) {
    return rows(texts).stream().map(text -> instant(text.asText())).toList();
  }

  private static List<Instant> following(Timetable timetable, Instant after, int count) {
    List<Instant> found = new ArrayList<>();
    Optional<Instant> due = timetable.next(after);
    while (due.isPresent() && found.size() < count) {
      found.add(due.get());
      due = timetable.next(due.get());
    }
    return found;
  }

  private static String zone(JsonNode row) {
    return row.path("tz").asText().startsWith("local") ? "UTC" : row.path("tz").asText();
  }

  @Test
  void five_engines_agree_with_every_next_time() {
    int checked = 0;
    for (JsonNode row : vectors("consensus-next.json").path("cases")) {
      List<Instant> expected = instants(row.path("expected"));
      Timetable cron = Timetable.cron(row.path("expr").asText(), row.path("tz").asText());
      assertThat(following(cron, instant(row.path("from").asText()), expected.size()))
          .as(row.toString())
          .isEqualTo(expected);
      checked += expected.size();
    }
    assertThat(checked).isGreaterThanOrEqualTo(972);
  }

  @Test
  void changes_of_the_clock_are_met_as_by_all_engines_or_by_the_rules() {
    int agreed = 0;
    int divided = 0;
    for (JsonNode row : vectors("dst-matrix.json").path("cases")) {
      String expression = row.path("expr").asText();
      Timetable cron = Timetable.cron(expression, row.path("tz").asText());
      Instant from = instant(row.path("from").asText());
      Instant until = instant(row.path("until").asText());
      List<Instant> fires = cron.between(from, until, Integer.MAX_VALUE).earliest();
      if (row.path("consensus").asBoolean()) {
        assertThat(fires).as(row.toString()).isEqualTo(instants(row.path("expected")));
        agreed++;
      } else {
        assertThat(fires)
            .as(row.toString())
            .isEqualTo(ClockOracle.fires(expression, row.path("tz").asText(), from, until));
        divided++;
      }
      assertThat(cron.latest(from, until, Integer.MAX_VALUE)).isEqualTo(fires);
    }
    assertThat(agreed).isGreaterThanOrEqualTo(80);
    assertThat(divided).isGreaterThanOrEqualTo(32);
  }

  @Test
  void what_all_engines_refuse_is_refused() {
    int checked = 0;
    for (JsonNode row : vectors("invalid-5field.json")) {
      if (row.path("consensus_reject").asBoolean()) {
        assertThatThrownBy(() -> CronExpression.read(row.path("expr").asText()))
            .as(row.toString())
            .isInstanceOf(Refusal.class);
        checked++;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(86);
  }

  /**
   * Robfig skips gaps, fires in both passes of an overlap, and holds a star with a step for a
   * limit.
   */
  @Test
  void robfig_agrees_where_its_rules_are_ours() {
    int checked = 0;
    int outside = 0;
    for (JsonNode row : vectors("robfig.json").path("next")) {
      Optional<String> five = fiveFields(row);
      if (five.isEmpty()) {
        continue;
      }
      if (agrees(five.get(), row)) {
        checked++;
      } else {
        Timetable.Cron cron = Timetable.cron(five.get(), zone(row));
        Instant from = instant(row.path("from").asText());
        boolean fixed = !cron.expression().recurring();
        assertThat(starWithStep(five.get()) || (fixed && nearChange(cron, from)))
            .as(row.toString())
            .isTrue();
        outside++;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(46);
    assertThat(outside).isLessThanOrEqualTo(6);
  }

  private static boolean starWithStep(String expression) {
    String[] fields = expression.split(" +");
    return fields[2].startsWith("*/") && !fields[4].startsWith("*");
  }

  private static boolean nearChange(Timetable.Cron cron, Instant at) {
    var change = cron.zone().getRules().nextTransition(at.minus(Duration.ofDays(1)));
    return change != null && change.getInstant().isBefore(at.plus(Duration.ofDays(1)));
  }

  /** Six fields of which the first is second 0 are our five. */
  private static Optional<String> fiveFields(JsonNode row) {
    String expression = row.path("expr").asText().strip();
    if (row.path("fields").asInt() != 6 || expression.startsWith("@")) {
      return Optional.of(expression);
    }
    String[] parts = expression.split(" +", 2);
    return Set.of("0", "00").contains(parts[0]) ? Optional.of(parts[1]) : Optional.empty();
  }

  @Test
  void robfig_agrees_on_single_minutes_and_on_what_is_invalid() {
    JsonNode file = vectors("robfig.json");
    List<String> outside = new ArrayList<>();
    int checked = 0;
    for (JsonNode row : file.path("activation")) {
      Timetable cron = Timetable.cron(row.path("expr").asText(), "UTC");
      Instant at = instant(row.path("at").asText());
      boolean due = cron.next(at.minusNanos(1)).equals(Optional.of(at));
      if (due == row.path("matches").asBoolean()) {
        checked++;
      } else {
        outside.add(row.path("expr").asText());
      }
    }
    assertThat(outside).containsExactly("* * */10 * Sun");
    assertThat(checked).isGreaterThanOrEqualTo(28);
    for (JsonNode expression : file.path("invalid")) {
      assertThatThrownBy(() -> CronExpression.read(expression.asText()))
          .isInstanceOf(Refusal.class);
    }
  }

  /**
   * Cronos wants both days where we want one, fires recurring expressions at the end of a gap if
   * they are due in it, and has more syntax.
   */
  @Test
  void cronos_agrees_where_its_rules_are_ours() {
    int checked = 0;
    int outside = 0;
    for (JsonNode row : vectors("cronos-next.json").path("cases")) {
      Optional<String> five = fiveFields(row);
      if (five.isEmpty() || OTHER_SYNTAX.matcher(five.get()).matches()) {
        continue;
      }
      if (agrees(five.get(), row)) {
        checked++;
      } else {
        Timetable.Cron cron = Timetable.cron(five.get(), zone(row));
        Instant expected = instants(row.path("expected")).getFirst();
        boolean gapEnd =
            cron.expression().recurring()
                && cron.zone().getRules().getOffset(expected)
                    != cron.zone().getRules().getOffset(expected.minusMillis(1));
        assertThat(cron.expression().eitherDay() || gapEnd).as(row.toString()).isTrue();
        outside++;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(87);
    assertThat(outside).isLessThanOrEqualTo(checked / 10);
  }

  private static boolean agrees(String expression, JsonNode row) {
    List<Instant> expected = instants(row.path("expected"));
    if (expected.isEmpty()) {
      assertThatThrownBy(() -> CronExpression.read(expression)).hasMessageContaining("never");
      return true;
    }
    Instant from = instant(row.path("from").asText());
    Instant after = row.path("inclusive").asBoolean() ? from.minusNanos(1) : from;
    return Timetable.cron(expression, zone(row))
        .next(after)
        .equals(Optional.of(expected.getFirst()));
  }

  @Test
  void cronos_reads_ranges_and_steps_alike() {
    JsonNode file = vectors("cronos-equivalence.json");
    int checked = 0;
    for (JsonNode pair : file.path("equivalent_pairs")) {
      checked += same(pair.get(0).asText(), pair.get(1).asText());
    }
    for (JsonNode row : file.path("canonical")) {
      checked += same(row.path("expr").asText(), row.path("canonical").asText());
    }
    assertThat(checked).isGreaterThanOrEqualTo(107);
  }

  private static int same(String one, String other) {
    if (one.split(" +").length != 5
        || OTHER_SYNTAX.matcher(one).matches()
        || OTHER_SYNTAX.matcher(other).matches()) {
      return 0;
    }
    CronExpression first = read(one);
    CronExpression second = read(other);
    for (CronField field : CronField.values()) {
      assertThat(first.bits(field)).as("%s and %s", one, other).isEqualTo(second.bits(field));
    }
    return 1;
  }

  private static CronExpression read(String text) {
    return CronExpression.read(text);
  }

  @Test
  void what_cronos_refuses_is_refused() {
    int checked = 0;
    for (JsonNode row : vectors("cronos-invalid.json").path("cases")) {
      assertThatThrownBy(() -> CronExpression.read(row.path("expr").asText()))
          .as(row.toString())
          .isInstanceOf(Refusal.class);
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(165);
  }

  /** Spring wants both days always; with a field that begins with * it does what Vixie does. */
  @Test
  void two_restricted_days_are_alternatives_unless_one_begins_with_a_star() {
    int checked = 0;
    for (JsonNode row : vectors("dom-dow-divergence.json")) {
      String expression = row.path("expr").asText();
      boolean star = expression.split(" ")[2].startsWith("*");
      List<Instant> expected = instants(row.path("engines").path(star ? "spring" : "croniter"));
      Timetable cron = Timetable.cron(expression, row.path("tz").asText());
      assertThat(following(cron, instant(row.path("from").asText()), expected.size()))
          .as(expression)
          .isEqualTo(expected);
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(7);
  }
}
