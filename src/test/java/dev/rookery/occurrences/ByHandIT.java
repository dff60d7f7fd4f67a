package dev.rookery.occurrences;

import static dev.rookery.occurrences.Timekeeper.every;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people do with a schedule: run it now, make up for the past, look at it, get it wrong. */
@BothEngines
final class ByHandIT {
  private static final Duration TEN = Duration.ofSeconds(10);
  private final Timekeeper keeper;

  ByHandIT(TestDatabase db) {
    this.keeper = new Timekeeper(db);
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  private List<Occurrence> backfill(PolicyId policy, Instant from, Instant to) {
    return keeper.occurrences().backfill(keeper.colony.org(), policy, from, to);
  }

  private static void refuses(String code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(code);
              assertThat(refusal.getMessage()).contains(words);
            });
  }

  @Test
  void run_now_fires_beside_the_timetable() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.tick(TEN);
    keeper.finishAll();

    Occurrence now = keeper.occurrences().runNow(keeper.colony.org(), policy);
    Occurrence again = keeper.occurrences().runNow(keeper.colony.org(), policy);

    assertThat(now.byHand()).isTrue();
    assertThat(now.ruling().reason()).isEqualTo("run-now");
    assertThat(again.span().nominal()).isAfter(now.span().nominal());
    keeper.finishAll();
    keeper.tick(TEN);
    assertThat(keeper.verdicts(policy))
        .containsExactly("fired on-time", "fired run-now", "fired run-now", "fired on-time");
    keeper.prove(policy, new Timetable.Interval(TEN, start), start, keeper.now());
    keeper.stand(policy, new Standing(false, null));
    refuses(
        "schedule-off",
        "policy-disabled",
        () -> keeper.occurrences().runNow(keeper.colony.org(), policy));
  }

  @Test
  void backfill_runs_what_did_not_run_and_never_twice() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.tick(TEN);
    keeper.finishAll();
    keeper.tick(Duration.ofSeconds(38));

    List<Occurrence> lines = backfill(policy, start.minusSeconds(20), keeper.now());
    assertThat(lines)
        .extracting(o -> Duration.between(start, o.span().nominal()).toSeconds())
        .containsExactly(-20L, -10L, 0L, 20L, 30L, 40L);
    assertThat(backfill(policy, start, keeper.now())).isEmpty();
    for (int i = 0; i < 8; i++) {
      keeper.finishAll();
      keeper.tick(Duration.ofMillis(1_000));
    }

    assertThat(keeper.events(policy)).isEqualTo(1 + 6);
    assertThat(keeper.verdicts(policy).getLast()).isEqualTo("skipped_overlap running");
    assertThat(backfill(policy, start.minusSeconds(20), keeper.now())).hasSize(1);
    refuses(
        "too-many-times",
        "at most 100",
        () -> backfill(policy, start.minusSeconds(86_400), keeper.now()));
    refuses("bad-range", "past span", () -> backfill(policy, keeper.now(), start));
  }

  @Test
  void backfill_takes_times_out_of_a_long_stretch() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.tick(Duration.ofDays(1));
    assertThat(keeper.ledger(policy)).hasSize(201);

    assertThat(backfill(policy, start.plusSeconds(100), start.plusSeconds(130))).hasSize(4);

    keeper.prove(policy, new Timetable.Interval(TEN, start), start, keeper.now());
    assertThat(
            keeper
                .occurrences()
                .describe(keeper.colony.org(), policy)
                .counts()
                .get(Verdict.BACKFILLED))
        .isEqualTo(4);
  }

  @Test
  void the_reconciler_puts_down_what_has_no_verdict() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    for (int i = 0; i < 6; i++) {
      keeper.tick(TEN);
      keeper.finishAll();
    }
    keeper
        .colony
        .database()
        .<Integer>write(
            keeper.colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "DELETE FROM occurrence WHERE policy_id = ? AND nominal_at IN (?, ?)",
                        policy.value(),
                        start.plusSeconds(20).toEpochMilli(),
                        start.plusSeconds(60).toEpochMilli()));

    keeper.occurrences().reconciler().round();

    assertThat(keeper.verdicts(policy).stream().filter("missed reconciled"::equals)).hasSize(2);
    assertThat(
            keeper.colony.journal().stream()
                .filter(r -> r.entry().kind().equals("schedule.reconciled")))
        .hasSize(1);
  }

  @Test
  void a_description_is_read_from_the_ledger() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.tick(TEN);
    keeper.tick(TEN);

    Description description = keeper.occurrences().describe(keeper.colony.org(), policy);

    assertThat(description.words()).startsWith("every 10 seconds");
    assertThat(description.ahead().next()).hasSize(10);
    assertThat(description.ahead().nextRunAt()).isEqualTo(keeper.now().plus(TEN));
    assertThat(description.last()).hasSize(2);
    assertThat(description.counts())
        .isEqualTo(Map.of(Verdict.FIRED, 1L, Verdict.SKIPPED_OVERLAP, 1L));
    keeper.pause(policy, null);
    assertThat(keeper.occurrences().describe(keeper.colony.org(), policy).ahead().nextRunAt())
        .isNull();
    keeper.pause(policy, keeper.now().plusSeconds(95));
    assertThat(keeper.occurrences().describe(keeper.colony.org(), policy).ahead().nextRunAt())
        .isEqualTo(keeper.now().plusSeconds(100));
  }

  @Test
  void bad_settings_are_refused_with_the_name_of_the_field() {
    refusesConfig("missing-field", "'prompt'", Json.object().put("every_ms", 10_000));
    refusesConfig("bad-interval", "At /config/every_ms", every(Duration.ofMillis(10)));
    refusesConfig("unknown-overlap", "At /config/overlap", every(TEN).put("overlap", "queue"));
    refusesConfig("unknown-field", "At /config/cron", every(TEN).put("cron", "* * * * *"));
    refusesConfig("bad-value", "At /config/missed_cap", every(TEN).put("missed_cap", 1_000));
    refusesConfig("conversation-not-found", "At /config/to", every(TEN).put("to", "nowhere"));
    refusesConfig("bad-value", "At /config/prompt", every(TEN).put("prompt", " "));
    ObjectNode cron = Json.object().put("prompt", "p").put("cron", "61 * * * *");
    refuses("bad-cron", "At /config/cron", () -> keeper.schedule(Trigger.CRON, cron));
    ObjectNode zone = Json.object().put("prompt", "p").put("cron", "1 * * * *");
    refuses(
        "unknown-zone",
        "At /config/zone",
        () -> keeper.schedule(Trigger.CRON, zone.put("zone", "Europe/Atlantis")));
    ObjectNode once = Json.object().put("prompt", "p").put("once", "2020-01-01T00:00:00Z");
    refuses("bad-time", "At /config/once", () -> keeper.schedule(Trigger.ONCE, once));
    assertThat(keeper.colony.house().activations.policies(keeper.colony.org()))
        .allMatch(p -> !ScheduleKeeper.TRIGGERS.contains(p.wake().trigger()));
  }

  private void refusesConfig(String code, String words, ObjectNode config) {
    refuses(code, words, () -> keeper.schedule(Trigger.INTERVAL, config));
  }

  @Test
  void a_preview_saves_nothing() {
    ObjectNode config =
        Json.object().put("prompt", "p").put("cron", "30 2 * * *").put("zone", "America/New_York");

    Preview preview =
        keeper
            .occurrences()
            .preview(Trigger.CRON, config, Instant.parse("2026-03-07T00:00:00Z"), 2);

    assertThat(preview.times())
        .containsExactly(
            Instant.parse("2026-03-07T07:30:00Z"), Instant.parse("2026-03-08T07:00:00Z"));
    assertThat(preview.notes()).isNotEmpty();
  }
}
