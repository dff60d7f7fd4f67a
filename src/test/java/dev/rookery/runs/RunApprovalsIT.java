package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that asks runs exactly what was shown, once, whenever and wherever it is answered. */
@BothEngines
final class RunApprovalsIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "work"}}
          then: {tool_calls: [{tool: act, arguments: {place: "staging"}}]}
        - when: {tool_result: {tool: act}}
          then: {text: "It said: {{tool_result}}"}
      """;

  private final TestDatabase db;
  private final List<Tool.Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final Colony colony;
  private final Agent rook;

  RunApprovalsIT(TestDatabase db) {
    this.db = db;
    this.colony =
        Colony.scripted(db.database(), SCRIPT, TestTool.of("act", EffectClass.UNSAFE, this::act))
            .dispatching();
    this.rook = colony.asking("rook", "act");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Tool.ToolResult act(Tool.Call call) {
    calls.add(call);
    return Tool.ToolResult.ok("done at " + call.arguments().path("place").asText());
  }

  private Approval asked(RunId run) {
    colony.until("run " + run + " asks", () -> waits(run));
    return pending(run).getFirst();
  }

  private boolean waits(RunId run) {
    return colony.run(run).status().state() == RunState.WAITING_PERMISSION;
  }

  private List<Approval> pending(RunId run) {
    return colony
        .house()
        .approvals
        .list(colony.org(), new Approvals.Query(Approval.State.PENDING, run, null, null, 10));
  }

  private RunId tell(String conversation) {
    return colony.runOf(colony.tell(rook, conversation, "work"));
  }

  private void answer(Approval approval, Answer answer) {
    Approval _ =
        colony
            .house()
            .approvals
            .answer(colony.org(), approval.id(), answer, approval.call().sha256(), "ada");
  }

  private List<String> places() {
    return calls.stream().map(c -> c.arguments().path("place").asText()).toList();
  }

  private String toolAnswer(RunId run) {
    return colony.house().runs.detail(colony.org(), run).said().stream()
        .filter(ModelMessage.ToolAnswer.class::isInstance)
        .map(m -> ((ModelMessage.ToolAnswer) m).text())
        .reduce((_, last) -> last)
        .orElse("(none)");
  }

  private String verdict(RunId run) {
    return colony.house().runs.detail(colony.org(), run).steps().stream()
        .filter(s -> s.step().kind() == Step.Kind.TOOL)
        .map(s -> String.valueOf(s.verdict()))
        .reduce((_, last) -> last)
        .orElse("(none)");
  }

  @Test
  void a_call_waits_without_a_thread_and_runs_once_when_it_is_allowed() {
    RunWorkers workers = colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    colony.until("no thread waits", () -> workers.active() == 0);
    assertThat(calls).isEmpty();
    assertThat(colony.run(run).status().waitReason()).isEqualTo("approval");
    assertThat(approval.call().arguments()).isEqualTo("{\"place\":\"staging\"}");

    answer(approval, new Answer.AllowOnce());
    answer(approval, new Answer.AllowOnce());

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(places()).containsExactly("staging");
    assertThat(verdict(run)).isEqualTo("allow: " + approval.id());
    assertThat(colony.said("chat")).last().isEqualTo("It said: done at staging");
  }

  @Test
  void days_later_on_another_node_the_same_call_runs() {
    RunWorkers first = colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    first.close();
    db.clock().advance(Duration.ofHours(23));
    answer(approval, new Answer.AllowOnce());
    assertThat(calls).isEmpty();

    colony.working();

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(places()).containsExactly("staging");
  }

  @Test
  void a_denial_is_told_to_the_model_and_does_not_end_the_run() {
    colony.working();
    RunId run = tell("chat");
    answer(asked(run), new Answer.Deny("Use the calendar."));

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(calls).isEmpty();
    assertThat(toolAnswer(run)).contains("denied `act`", "Use the calendar.");
  }

  @Test
  void an_edited_call_runs_with_its_own_key_and_the_model_is_told() {
    colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    answer(approval, new Answer.Edit("{\"place\":\"production\"}"));

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(places()).containsExactly("production");
    assertThat(toolAnswer(run))
        .startsWith("[A person changed the arguments to {\"place\":\"production\"}]");
    RunId other = tell("other");
    answer(asked(other), new Answer.AllowOnce());
    colony.over(other);
    assertThat(new HashSet<>(calls.stream().map(Tool.Call::idempotencyKey).toList())).hasSize(2);
  }

  @Test
  void what_is_allowed_for_always_is_not_asked_again_until_revoked() {
    colony.working();
    RunId first = tell("one");
    Approval approval = asked(first);
    answer(approval, new Answer.AllowAlways());
    colony.over(first);

    RunId second = tell("two");
    assertThat(colony.over(second).status().state()).isEqualTo(RunState.DONE);
    assertThat(verdict(second)).isEqualTo("allow: " + approval.id() + " (always)");
    assertThat(places()).hasSize(2);

    colony.house().approvals.revoke(colony.org(), approval.id(), "ada");
    asked(tell("three"));
    assertThat(places()).hasSize(2);
  }

  @Test
  void a_cancelled_run_never_makes_the_call() {
    colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    colony.house().runs.cancel(colony.org(), run, "ada");

    assertThat(late(approval)).isEqualTo("approval-over");
    assertThat(colony.ask(rook, "else", "hello").status().state()).isEqualTo(RunState.FAILED);
    assertThat(calls).isEmpty();
  }

  private String late(Approval approval) {
    try {
      answer(approval, new Answer.AllowOnce());
      return "accepted";
    } catch (Refusal refusal) {
      return refusal.code();
    }
  }

  @Test
  void nobody_s_answer_is_a_denial() {
    colony.working();
    RunId run = tell("chat");
    asked(run);
    colony.keep(colony.house().approvals.serve());
    db.clock().advance(Duration.ofHours(25));

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(toolAnswer(run)).contains("Nobody answered in time");
    assertThat(calls).isEmpty();
  }

  @Test
  void a_step_that_was_tampered_with_does_not_run() {
    colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    colony
        .database()
        .write(
            colony.org(),
            tx ->
                tx.handle()
                    .createUpdate(
                        "UPDATE step SET request = :other WHERE run_id = :run AND kind = 'tool'")
                    .bind("other", "{\"place\":\"production\"}")
                    .bind("run", run.value())
                    .execute());
    answer(approval, new Answer.AllowOnce());

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(calls).isEmpty();
    assertThat(toolAnswer(run)).contains("not the one that " + approval.id() + " allows");
  }

  @Test
  void a_deny_rule_that_came_meanwhile_beats_the_answer() {
    colony.working();
    RunId run = tell("chat");
    Approval approval = asked(run);
    colony.denying(rook, "act");
    answer(approval, new Answer.AllowOnce());

    colony.over(run);
    assertThat(calls).isEmpty();
    assertThat(verdict(run)).startsWith("deny");
  }

  @Test
  void a_person_s_time_to_think_is_not_the_run_s() {
    colony.working();
    RunId run = tell("chat");
    long before = colony.run(run).times().deadline();
    Approval approval = asked(run);
    db.clock().advance(Duration.ofHours(20));
    answer(approval, new Answer.AllowOnce());

    Run over = colony.over(run);
    assertThat(over.status().state()).isEqualTo(RunState.DONE);
    assertThat(over.times().deadline() - before)
        .isBetween(Duration.ofHours(19).toMillis(), Duration.ofHours(21).toMillis());
  }

  @Test
  void a_run_that_nobody_woke_still_asks_where_a_rule_says_so() {
    colony.working();
    Inbound line = Colony.line("chat", "work");
    Inbound tick =
        new Inbound(
            line.origin(),
            line.type(),
            line.dedupeKey(),
            line.place(),
            new Inbound.Actor(Inbound.Actor.Kind.SYSTEM, "clock", "Clock", 0),
            line.occurredAt(),
            line.content(),
            Json.object());
    RunId run = colony.runOf(colony.accept(rook, tick).event());

    assertThat(colony.run(run).origin().attended()).isFalse();
    answer(asked(run), new Answer.AllowOnce());
    colony.over(run);
    assertThat(places()).containsExactly("staging");
  }
}
