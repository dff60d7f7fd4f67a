package dev.rookery.occurrences;

import static dev.rookery.occurrences.Timekeeper.every;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every expected time of a schedule has exactly one verdict, whatever happens to the clock. */
@BothEngines
final class LedgerIT {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final List<Duration> DOWNTIMES =
      List.of(
          Duration.ofSeconds(1), Duration.ofSeconds(13), Duration.ofHours(1), Duration.ofDays(3));
  private final Timekeeper keeper;

  LedgerIT(TestDatabase db) {
    this.keeper = new Timekeeper(db);
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  private Timetable tens(Instant anchor) {
    return new Timetable.Interval(TEN, anchor);
  }

  @Test
  void a_schedule_of_ten_seconds_fires_360_times_an_hour() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();

    for (int i = 0; i < 360; i++) {
      keeper.tick(Duration.ofSeconds(6));
      keeper.finishAll();
      keeper.tick(Duration.ofSeconds(4));
    }

    assertThat(keeper.ledger(policy)).hasSize(360);
    assertThat(keeper.verdicts(policy)).containsOnly("fired on-time");
    keeper.prove(policy, tens(start), start, keeper.now());
  }

  @Test
  void every_time_has_one_verdict_for_each_overlap_missed_and_downtime() {
    for (Overlap overlap : Overlap.values()) {
      for (Missed missed : Missed.values()) {
        for (Duration downtime : DOWNTIMES) {
          survive(overlap, missed, downtime);
        }
      }
    }
  }

  private void survive(Overlap overlap, Missed missed, Duration downtime) {
    Instant start = keeper.now();
    ObjectNode config =
        every(TEN).put("overlap", overlap.spelled()).put("missed", missed.spelled());
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, config).id();
    keeper.live(Duration.ofSeconds(25), Duration.ofSeconds(5));

    keeper.tick(downtime);
    keeper.live(Duration.ofSeconds(9), Duration.ofSeconds(3));
    keeper.finishAll();
    keeper.live(Duration.ofSeconds(9), Duration.ofSeconds(3));

    keeper.prove(policy, tens(start), start, keeper.now());
    keeper.remove(policy);
  }

  @Test
  void missed_times_are_skipped_unless_the_schedule_says_more() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();

    keeper.tick(Duration.ofSeconds(38));

    assertThat(keeper.verdicts(policy))
        .containsExactly("missed skip", "missed skip", "missed skip");
  }

  @Test
  void run_last_makes_up_for_all_with_one_run() {
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN).put("missed", "run_last")).id();

    keeper.tick(Duration.ofSeconds(38));

    assertThat(keeper.verdicts(policy))
        .containsExactly("missed superseded", "missed superseded", "late catch-up");
    assertThat(keeper.events(policy)).isEqualTo(1);
  }

  @Test
  void run_all_makes_up_for_the_latest_one_after_another_within_the_window() {
    ObjectNode config =
        every(TEN).put("missed", "run_all").put("missed_cap", 3).put("catch_up_window_ms", 25_000);
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, config).id();

    keeper.tick(Duration.ofSeconds(59));

    assertThat(keeper.verdicts(policy))
        .containsExactly(
            "missed older-than-window",
            "missed older-than-window",
            "missed older-than-window",
            "late catch-up",
            "late catch-up");
    assertThat(keeper.events(policy)).as("the second waits for the first").isEqualTo(1);
    keeper.finishAll();
    keeper.tick(Duration.ofSeconds(2));
    assertThat(keeper.events(policy)).isEqualTo(2);
    assertThat(keeper.verdicts(policy).getLast()).isEqualTo("skipped_overlap running");
  }

  @Test
  void overlap_decides_while_a_run_is_not_over() {
    Map<Overlap, List<String>> expected =
        Map.of(
            Overlap.SKIP,
            List.of("fired on-time", "skipped_overlap running", "skipped_overlap running"),
            Overlap.BUFFER_ONE,
            List.of("fired on-time", "fired waits-in-line", "skipped_overlap line-full"),
            Overlap.BUFFER_ALL,
            List.of("fired on-time", "fired waits-in-line", "fired waits-in-line"),
            Overlap.CANCEL_OTHER,
            List.of("fired on-time", "fired others-cancelled", "fired others-cancelled"),
            Overlap.ALLOW_ALL,
            List.of("fired on-time", "fired on-time", "fired on-time"));
    expected.forEach(
        (overlap, verdicts) -> {
          PolicyId policy =
              keeper.schedule(Trigger.INTERVAL, every(TEN).put("overlap", overlap.spelled())).id();
          keeper.live(Duration.ofSeconds(30), TEN);
          assertThat(keeper.verdicts(policy)).as("%s", overlap).isEqualTo(verdicts);
          keeper.stand(policy, new Standing(false, null));
        });
  }

  @Test
  void a_hundred_wait_in_line_and_no_more() {
    PolicyId policy =
        keeper.schedule(Trigger.INTERVAL, every(TEN).put("overlap", "buffer_all")).id();

    keeper.live(TEN.multipliedBy(103), TEN);

    List<String> verdicts = keeper.verdicts(policy);
    assertThat(verdicts.subList(0, 101)).allMatch(v -> v.startsWith("fired"));
    assertThat(verdicts.subList(101, 103)).containsOnly("skipped_overlap line-full");
  }

  @Test
  void what_is_off_is_put_down_as_paused_and_goes_on_by_itself() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.pause(policy, start.plusSeconds(25));

    keeper.live(Duration.ofSeconds(30), Duration.ofSeconds(5));

    assertThat(keeper.verdicts(policy))
        .containsExactly("paused paused", "paused paused", "fired on-time");
    keeper.stand(policy, new Standing(false, null));
    keeper.tick(Duration.ofSeconds(10));
    keeper.stand(policy, Standing.ON);
    assertThat(keeper.verdicts(policy).getLast()).isEqualTo("paused policy-disabled");
    keeper.colony.house().agents.setEnabled(keeper.colony.org(), keeper.agent.id(), false);
    keeper.tick(Duration.ofSeconds(10));
    assertThat(keeper.verdicts(policy).getLast()).isEqualTo("paused agent-disabled");
    keeper.prove(policy, tens(start), start, keeper.now());
  }

  @Test
  void a_long_rest_is_one_line() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(Duration.ofSeconds(1))).id();
    keeper.stand(policy, new Standing(false, null));

    keeper.tick(Duration.ofDays(1));

    assertThat(keeper.ledger(policy)).hasSize(1);
    assertThat(keeper.ledger(policy).getFirst().span().count()).isEqualTo(86_400);
    keeper.prove(policy, new Timetable.Interval(Duration.ofSeconds(1), start), start, keeper.now());
  }

  @Test
  void a_clock_that_jumps_an_hour_loses_and_doubles_nothing() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.live(Duration.ofSeconds(20), TEN);
    keeper.tick(Duration.ofHours(1));
    Instant far = keeper.now();
    keeper.prove(policy, tens(start), start, far);

    keeper.db.clock().advance(Duration.ofHours(-1));
    keeper.live(Duration.ofHours(1).plusSeconds(60), TEN);

    keeper.prove(policy, tens(start), start, keeper.now());
  }

  @Test
  void daylight_saving_fires_what_the_timetable_expects() {
    keeper.db.clock().set(Instant.parse("2026-03-07T00:00:00Z"));
    Instant start = keeper.now();
    ObjectNode config =
        Json.object()
            .put("prompt", "Good morning.")
            .put("cron", "30 2 * * *")
            .put("zone", "America/New_York");
    PolicyId policy = keeper.schedule(Trigger.CRON, config).id();

    for (int i = 0; i < 72 * 2; i++) {
      keeper.tick(Duration.ofMinutes(30));
      keeper.finishAll();
    }

    assertThat(keeper.ledger(policy))
        .extracting(o -> o.span().nominal().toString())
        .containsExactly("2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z");
    assertThat(keeper.verdicts(policy)).containsOnly("fired on-time");
    keeper.prove(policy, Timetable.cron("30 2 * * *", "America/New_York"), start, keeper.now());
  }

  @Test
  void once_fires_once() {
    String at = keeper.now().plusSeconds(30).toString();
    ObjectNode config = Json.object().put("prompt", "Now.").put("once", at);
    PolicyId policy = keeper.schedule(Trigger.ONCE, config).id();

    keeper.live(Duration.ofMinutes(5), TEN);
    keeper.finishAll();
    keeper.tick(Duration.ofDays(400));

    assertThat(keeper.verdicts(policy)).containsExactly("fired on-time");
    assertThat(keeper.occurrences().describe(keeper.colony.org(), policy).ahead().next()).isEmpty();
  }

  @Test
  void another_timetable_begins_where_the_old_one_ends() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN)).id();
    keeper.live(Duration.ofSeconds(20), TEN);
    keeper.finishAll();
    keeper.db.clock().advance(Duration.ofSeconds(12));
    Instant change = keeper.now();

    keeper.configure(policy, every(Duration.ofMinutes(1)));
    keeper.prove(policy, tens(start), start, change);
    keeper.tick(Duration.ofMinutes(2));

    assertThat(keeper.ledger(policy).subList(3, 5))
        .extracting(o -> o.span().nominal())
        .containsExactly(start.plusSeconds(60), start.plusSeconds(120));
  }

  @Test
  void jitter_delays_each_time_by_an_amount_of_its_own_and_loses_none() {
    Instant start = keeper.now();
    PolicyId policy = keeper.schedule(Trigger.INTERVAL, every(TEN).put("jitter_ms", 4_000)).id();

    for (int i = 0; i < 400; i++) {
      keeper.tick(Duration.ofMillis(500));
      keeper.finishAll();
    }

    List<Long> delays =
        keeper.ledger(policy).stream()
            .map(o -> Duration.between(o.span().nominal(), o.decidedAt()).toMillis())
            .toList();
    assertThat(delays).hasSizeBetween(19, 20).allMatch(d -> d >= 0 && d <= 4_500);
    assertThat(delays.stream().distinct().count()).isGreaterThan(4);
    assertThat(keeper.verdicts(policy)).containsOnly("fired on-time");
    assertThat(start).isBefore(keeper.now());
  }

  @Test
  void seventeen_that_are_due_after_a_downtime_are_paced() {
    List<PolicyId> policies = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      policies.add(
          keeper
              .schedule(Trigger.INTERVAL, every(Duration.ofHours(1)).put("missed", "run_last"))
              .id());
    }
    keeper.db.clock().advance(Duration.ofMinutes(90));
    keeper.look();
    assertThat(fired(policies)).isEqualTo(2);

    keeper.tick(Duration.ofSeconds(1));
    assertThat(fired(policies)).isEqualTo(4);
    keeper.live(Duration.ofSeconds(8), Duration.ofMillis(250));
    assertThat(fired(policies)).isEqualTo(17);
  }

  private long fired(List<PolicyId> policies) {
    return policies.stream().mapToLong(keeper::events).sum();
  }
}
