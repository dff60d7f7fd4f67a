package dev.rookery.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.RunId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditRulesTest {
  private static final List<Actor> OUTSIDE =
      List.of(
          new Actor.ApiKey(KeyId.next(), "ci", null),
          new Actor.Member(MemberId.next(), "Ada"),
          new Actor.Contact("telegram:int_1:17", "Ada"),
          Acting.COMMAND_LINE);

  @Test
  void what_somebody_from_outside_does_is_audited() {
    for (Actor actor : OUTSIDE) {
      for (String kind :
          List.of(
              "policy.changed",
              "run.finished",
              "approval.allowed",
              "event.accepted",
              "new.thing")) {
        assertThat(AuditRules.audited(actor, kind, "x")).as(actor + " " + kind).isTrue();
      }
    }
  }

  @Test
  void what_only_follows_from_it_is_not() {
    for (Actor actor : OUTSIDE) {
      for (String kind : List.of("activation.decided", "delivery.queued", "step.finished")) {
        assertThat(AuditRules.audited(actor, kind, "x")).as(actor + " " + kind).isFalse();
      }
      assertThat(AuditRules.audited(actor, "delivery.resolved", "x")).isTrue();
      assertThat(AuditRules.audited(actor, "step.resolved", "x")).isTrue();
    }
  }

  @Test
  void rookery_itself_leaves_no_audit_record() {
    assertThat(AuditRules.audited(Acting.SYSTEM, "policy.changed", "x")).isFalse();
  }

  @Test
  void an_agent_is_audited_for_what_it_arranges_and_for_runs_it_stops_not_for_its_steps() {
    RunId run = RunId.next();
    Actor agent = new Actor.Agent(AgentId.next(), run);

    assertThat(AuditRules.audited(agent, "policy.created", "pol_1")).isTrue();
    assertThat(AuditRules.audited(agent, "run.finished", RunId.next().value())).isTrue();
    assertThat(AuditRules.audited(agent, "run.finished", run.value())).isFalse();
    assertThat(AuditRules.audited(agent, "step.finished", run.value())).isFalse();
    assertThat(AuditRules.audited(agent, "home.marked", "x")).isFalse();
    assertThat(AuditRules.audited(agent, "checkpoint.created", "x")).isFalse();
  }
}
