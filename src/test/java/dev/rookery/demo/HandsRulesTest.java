package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HandsRulesTest {
  private static final Sandboxed SHOWN =
      new Sandboxed.Shown(attestation(true), 2, HandsStory.OPEN_ORDERS, 0, 0);
  private static final Hands.Permission PERMITTED = new Hands.Permission(1, 1, 1, 0);
  private static final Punctuality EXACT =
      new Punctuality(Duration.ofMillis(1_500), 6, 3, Map.of("fired", 3, "missed", 3), 3, 3, 0, 0);
  private static final Hands.Stop CALL = new Hands.Stop("a call", true, 40, null, 0, 0, 0);
  private static final Hands.Stop COMMAND = new Hands.Stop("a command", true, 30, 90L, 0, 0, 0);
  private static final Hands.Held FIRST = new Hands.Held(500_000, 448_400, 0, 7, 17, 0);
  private static final Hands.Held RAISED = new Hands.Held(2_000_000, 1_488_800, 0, 24, 0, 0);
  private static final Hands.Purse PURSE = new Hands.Purse(24, FIRST, RAISED);
  private static final Hands.Later LATER = new Hands.Later(28, 28);

  /** All is well. */
  static final Hands WELL =
      new Hands(SHOWN, PERMITTED, EXACT, List.of(CALL, COMMAND), PURSE, LATER);

  private static JsonNode attestation(boolean attested) {
    return Json.object().put("tier", "local-bwrap").put("attested", attested);
  }

  private static List<String> deviations(Hands hands) {
    return HandsRules.judge(hands, 1).stream()
        .filter(proof -> !proof.holds())
        .map(proof -> proof.key() + " " + proof.expected() + " " + proof.got())
        .toList();
  }

  private static List<String> deviations(Sandboxed sandboxed) {
    return deviations(new Hands(sandboxed, PERMITTED, EXACT, List.of(CALL, COMMAND), PURSE, LATER));
  }

  private static List<String> deviations(Hands.Stop stop) {
    return deviations(new Hands(SHOWN, PERMITTED, EXACT, List.of(stop), PURSE, LATER));
  }

  private static List<String> deviations(Hands.Held first, Hands.Held raised) {
    return deviations(
        new Hands(
            SHOWN, PERMITTED, EXACT, List.of(CALL), new Hands.Purse(24, first, raised), LATER));
  }

  @Test
  void all_is_well_and_told_with_its_facts() {
    assertThat(deviations(WELL)).isEmpty();
    JsonNode facts = Facts.of(WELL);
    assertThat(facts.at("/sandbox/tier").asText()).isEqualTo("local-bwrap");
    assertThat(facts.at("/sandbox/attested").asBoolean()).isTrue();
    assertThat(facts.at("/approval/after_restart").asBoolean()).isTrue();
    assertThat(facts.at("/cancel/process_group_dead_ms").asLong()).isEqualTo(90);
    assertThat(facts.at("/budget/spent")).hasToString("0.4484");
    assertThat(facts.at("/budget/limit")).hasToString("0.5");
    assertThat(Facts.dollars(500_000)).isEqualTo("$0.50");
    assertThat(Facts.dollars(2_000_000)).isEqualTo("$2.00");
  }

  @Test
  void what_a_machine_cannot_show_is_said_and_is_no_deviation() {
    Hands hands =
        new Hands(
            new Sandboxed.NotShown("no bwrap"), PERMITTED, EXACT, List.of(CALL), PURSE, LATER);

    assertThat(deviations(hands)).isEmpty();
    assertThat(Facts.of(hands).path("sandbox").asText()).isEqualTo("unavailable: no bwrap");
    assertThat(Facts.of(hands).at("/cancel/process_group_dead_ms").isNull()).isTrue();
    assertThat(HandsRules.judge(hands, 1))
        .extracting(Proof::key)
        .doesNotContain("sandbox_attested", "secrets_seen", "processes_left");
  }

  @Test
  void a_sandbox_with_a_hole_deviates() {
    assertThat(deviations(new Sandboxed.Shown(attestation(false), 2, 3, 0, 0)))
        .containsExactly("sandbox_attested 1 0");
    assertThat(deviations(new Sandboxed.Shown(Json.object(), 1, 0, 2, 1)))
        .containsExactly(
            "sandbox_attested 1 0",
            "sandbox_commands 2 1",
            "sandbox_lines 3 0",
            "secrets_seen 0 2",
            "host_connections 0 1");
  }

  @Test
  void a_call_without_permission_deviates() {
    Hands.Permission none = new Hands.Permission(0, 0, 0, 1);

    assertThat(deviations(new Hands(SHOWN, none, EXACT, List.of(CALL), PURSE, LATER)))
        .containsExactly(
            "approvals_answered 1 0",
            "approvals_after_restart 1 0",
            "refused_pressers 1 0",
            "calls_without_permission 0 1");
  }

  @Test
  void a_schedule_that_loses_or_doubles_a_time_deviates() {
    Punctuality wrong =
        new Punctuality(Duration.ofMillis(1_500), 6, 3, Map.of("fired", 4), 4, 3, 1, 2);

    assertThat(deviations(new Hands(SHOWN, PERMITTED, wrong, List.of(CALL), PURSE, LATER)))
        .containsExactly(
            "schedule.unaccounted 0 2", "schedule.doubled 0 1", "schedule.messages 4 3");
    assertThat(Facts.of(WELL).path("schedule"))
        .hasToString(
            "{\"every_ms\":1500,\"expected\":6,\"down\":3,\"verdicts\":{\"fired\":3,\"missed\":3},"
                + "\"doubled\":0,\"unaccounted\":0,\"messages\":3}");
  }

  @Test
  void what_goes_on_after_a_stop_deviates() {
    assertThat(deviations(new Hands.Stop("a call", false, 40, null, 0, 2, 20_000)))
        .containsExactly(
            "runs_cancelled 1 0", "steps_after_cancel 0 2", "reserved_after_cancel 0 20000");
    assertThat(deviations(new Hands.Stop("a command", true, 40, 10_000L, 1, 0, 0)))
        .containsExactly("processes_left 0 1");
  }

  @Test
  void money_beyond_the_limit_and_runs_that_fail_for_it_deviate() {
    assertThat(deviations(new Hands.Held(500_000, 500_001, 0, 8, 16, 0), RAISED))
        .containsExactly("overspent 0 1");
    assertThat(deviations(new Hands.Held(500_000, 448_000, 0, 7, 16, 1), RAISED))
        .containsExactly("parked_runs 17 16", "failed_for_money 0 1");
    assertThat(deviations(FIRST, new Hands.Held(2_000_000, 1_400_000, 0, 23, 1, 0)))
        .containsExactly("answered_when_raised 24 23");
  }

  @Test
  void a_message_that_was_accepted_and_not_worked_off_is_lost() {
    assertThat(
            deviations(
                new Hands(SHOWN, PERMITTED, EXACT, List.of(CALL), PURSE, new Hands.Later(28, 27))))
        .containsExactly("later_messages_lost 0 1");
  }
}
