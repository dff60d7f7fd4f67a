package dev.rookery.occurrences;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.JsonSpot;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.occurrences.ScheduleConfig.CatchUp;
import dev.rookery.schedules.Timetable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code config} of a schedule policy, strictly: what does not fit is refused with the
 * JSON pointer of its place.
 */
final class ScheduleCodec {
  private static final int MAX_PROMPT = 20_000;
  private static final int MAX_TEXT = 500;
  private static final int MAX_TIMES = 100;
  private static final int MAX_CAP = 100;
  private static final int MAX_FAILURES = 1_000;
  private static final int DEFAULT_FAILURES = 5;
  private static final Duration MAX_WINDOW = Duration.ofDays(366);
  private static final Duration MAX_JITTER = Duration.ofDays(1);
  private static final Map<String, Missed> MISSED = bySpelling(Missed.values(), Missed::spelled);
  private static final Map<String, Overlap> OVERLAP =
      bySpelling(Overlap.values(), Overlap::spelled);
  private static final List<String> COMMON =
      List.of(
          "prompt",
          "to",
          "untrusted",
          "missed",
          "missed_cap",
          "catch_up_window_ms",
          "overlap",
          "jitter_ms",
          "pause_after_failures");

  private ScheduleCodec() {}

  /**
   * @param anchor of intervals that name none
   * @throws Refusal that names the place, such as {@code /config/cron}: {@code missing-field},
   *     {@code bad-value}, {@code unknown-field}, {@code bad-cron}, {@code never-fires}, {@code
   *     bad-interval}, {@code bad-time}, {@code unknown-zone}, {@code unknown-missed}, {@code
   *     unknown-overlap}
   */
  static ScheduleConfig read(ActivationPolicy policy, Instant anchor) {
    JsonNode details = Json.parse(policy.wake().config().details());
    return read(policy.wake().trigger(), details, anchor);
  }

  /** As {@link #read(ActivationPolicy, Instant)}, for settings that are not saved. */
  static ScheduleConfig read(Trigger trigger, JsonNode config, Instant anchor) {
    JsonSpot spot = new JsonSpot(config, "/config");
    List<String> fields = new ArrayList<>(own(trigger));
    fields.addAll(COMMON);
    spot.onlyFields(fields);
    JsonSpot overlap = spot.field("overlap");
    JsonSpot untrusted = spot.field("untrusted");
    JsonSpot to = spot.field("to");
    return new ScheduleConfig(
        timetable(trigger, spot, anchor),
        prompt(spot.required("prompt")),
        to == null ? null : to.text(MAX_TEXT),
        catchUp(spot),
        overlap == null ? Overlap.SKIP : overlap.oneOf("overlap", OVERLAP),
        millis(spot, "jitter_ms", Duration.ZERO, MAX_JITTER),
        (int) number(spot, "pause_after_failures", DEFAULT_FAILURES, 0, MAX_FAILURES),
        untrusted != null && untrusted.bool());
  }

  private static List<String> own(Trigger trigger) {
    return switch (trigger) {
      case INTERVAL -> List.of("every_ms", "anchor");
      case CRON -> List.of("cron", "zone");
      case DAILY -> List.of("daily", "zone");
      case ONCE -> List.of("once", "zone");
      case MENTION, AMBIENT, ALWAYS, EVENT, WEBHOOK, PROGRAM_REVIEW, MANUAL ->
          throw Refusal.badInput(
              "unknown-trigger",
              "The trigger %s has no times. Allowed: interval, cron, daily, once.",
              trigger.spelled());
    };
  }

  private static Timetable timetable(Trigger trigger, JsonSpot spot, Instant created) {
    JsonSpot zoneSpot = spot.field("zone");
    String zone = zoneSpot == null ? "UTC" : zoneSpot.text(MAX_TEXT);
    if (zoneSpot != null) {
      located(zoneSpot, () -> Timetable.once("2026-01-01T00:00", zone));
    }
    return switch (trigger) {
      case INTERVAL -> {
        JsonSpot every = spot.required("every_ms");
        JsonSpot anchor = spot.field("anchor");
        Duration length = Duration.ofMillis(every.wholeNumber());
        Instant from = anchor == null ? created : instant(anchor);
        yield located(every, () -> new Timetable.Interval(length, from));
      }
      case CRON -> {
        JsonSpot cron = spot.required("cron");
        yield located(cron, () -> Timetable.cron(cron.text(MAX_TEXT), zone));
      }
      case DAILY -> {
        JsonSpot daily = spot.required("daily");
        List<String> times =
            daily.items(MAX_TIMES).stream().map(time -> time.text(MAX_TEXT)).toList();
        yield located(daily, () -> Timetable.daily(times, zone));
      }
      case ONCE -> {
        JsonSpot once = spot.required("once");
        yield located(once, () -> Timetable.once(once.text(MAX_TEXT), zone));
      }
      case MENTION, AMBIENT, ALWAYS, EVENT, WEBHOOK, PROGRAM_REVIEW, MANUAL ->
          throw new IllegalArgumentException(trigger + " has no times");
    };
  }

  private static Timetable located(JsonSpot spot, Supplier<? extends Timetable> read) {
    try {
      return read.get();
    } catch (Refusal refusal) {
      String sentence = String.valueOf(refusal.getMessage());
      throw sentence.startsWith("At /") ? refusal : spot.refuse(refusal.code(), sentence);
    }
  }

  private static Instant instant(JsonSpot spot) {
    try {
      return Instant.ofEpochMilli(Instant.parse(spot.text(MAX_TEXT)).toEpochMilli());
    } catch (DateTimeException | ArithmeticException _) {
      throw spot.refuse("bad-value", "expected an instant such as 2027-01-31T08:00:00Z.");
    }
  }

  private static String prompt(JsonSpot spot) {
    String prompt = spot.text(MAX_PROMPT);
    if (prompt.isBlank()) {
      throw spot.refuse("bad-value", "a prompt has 1 to " + MAX_PROMPT + " characters.");
    }
    return prompt;
  }

  private static CatchUp catchUp(JsonSpot spot) {
    JsonSpot missed = spot.field("missed");
    return new CatchUp(
        missed == null ? CatchUp.DEFAULT.missed() : missed.oneOf("missed", MISSED),
        (int) number(spot, "missed_cap", CatchUp.DEFAULT.cap(), 1, MAX_CAP),
        millis(spot, "catch_up_window_ms", CatchUp.DEFAULT.window(), MAX_WINDOW));
  }

  private static Duration millis(JsonSpot spot, String field, Duration otherwise, Duration max) {
    return Duration.ofMillis(number(spot, field, otherwise.toMillis(), 0, max.toMillis()));
  }

  private static long number(JsonSpot spot, String field, long otherwise, long min, long max) {
    @Nullable JsonSpot given = spot.field(field);
    if (given == null) {
      return otherwise;
    }
    long number = given.wholeNumber();
    if (number < min || number > max) {
      throw given.refuse("bad-value", "expected %d to %d, found %d.".formatted(min, max, number));
    }
    return number;
  }

  private static <T> Map<String, T> bySpelling(T[] values, Function<T, String> spelling) {
    Map<String, T> map = new LinkedHashMap<>();
    Arrays.stream(values).forEach(value -> map.put(spelling.apply(value), value));
    return map;
  }
}
