package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventNameRulesTest {
  @ParameterizedTest
  @CsvSource({
    "run.queued, false, false, run.status",
    "run.started, false, false, run.status",
    "run.parked, false, false, run.status",
    "run.something_new, false, false, run.status",
    "run.finished, false, true, run.final",
    "run.finished, false, false, run.error",
    "step.started, true, false, run.tool_call",
    "step.finished, true, true, run.tool_result",
    "step.unknown, true, false, run.tool_result",
    "step.started, false, false, run.log",
    "step.finished, false, true, run.log",
    "step.resolved, true, true, run.log",
    "approval.requested, false, false, permission.request",
    "approval.allowed, false, false, permission.response",
    "approval.denied, false, false, permission.response",
    "approval.expired, false, false, permission.response",
    "approval.cancelled, false, false, permission.response",
    "approval.revoked, false, false, journal.entry",
    "delivery.sent, false, true, journal.entry",
    "runner.up, false, false, journal.entry",
  })
  void records_have_names(String kind, boolean tool, boolean done, String name) {
    assertThat(EventNameRules.of(kind, tool, done)).isEqualTo(name);
  }

  @Property(tries = 200)
  void every_record_has_a_name_that_is_not_a_token(
      @ForAll String kind, @ForAll boolean tool, @ForAll boolean done) {
    assertThat(EventNameRules.of(kind, tool, done)).isNotEmpty().isNotEqualTo(EventNameRules.TOKEN);
  }
}
