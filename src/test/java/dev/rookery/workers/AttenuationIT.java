package dev.rookery.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.Agent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker may never do more than the runs that it works for. */
@BothEngines
final class AttenuationIT {
  private static final Map<String, String> CALLS =
      Map.of(
          "by another", "{tasks: [{task: act, agent: heron, name: helper}]}",
          "by myself", "{tasks: [{task: act}]}",
          "with little", "{tasks: [{task: act, tools: [hold]}]}",
          "with nothing", "{tasks: [{task: act, tools: []}]}",
          "with more", "{tasks: [{task: act, tools: [act, bash]}]}");

  private final Hive hive;
  private final Agent heron;

  AttenuationIT(TestDatabase db) {
    this.hive = new Hive(db.database(), CALLS, Map.of());
    this.heron = hive.colony.agent("heron");
    hive.colony.working();
  }

  @AfterEach
  void close() {
    hive.close();
  }

  /** May delegate, and what is said besides. */
  private Agent rook(Grant.Verdict verdict, String rule) {
    Agent rook = hive.colony.asking("rook", rule);
    hive.colony.rule(rook, Grant.Verdict.ALLOW, "delegate");
    hive.colony.rule(rook, verdict, rule);
    return rook;
  }

  @Test
  void what_the_parent_does_not_see_the_child_of_another_agent_does_not_see() {
    Run parent = hive.ask(rook(Grant.Verdict.DENY, "act"), "chat", "by another");

    Worker worker = hive.worker(parent.id());
    assertThat(worker.order().agent()).isEqualTo(heron.id());
    assertThat(hive.colony.run(worker.id()).origin().onlyTools()).containsExactly("delegate");
    assertThat(hive.told(worker.id())).contains("There is no tool 'act'");
    assertThat(hive.acts).isEmpty();
  }

  @Test
  void a_rule_that_comes_later_holds_for_those_who_work_already() {
    Agent rook = rook(Grant.Verdict.ALLOW, "*");
    hive.colony.rule(rook, Grant.Verdict.DENY, "mcp(any/thing)");
    hive.colony.rule(heron, Grant.Verdict.ASK, "act");
    RunId parent = hive.tell(rook, "chat", "by another");
    Approval approval = asked(hive.worker(parent).id());
    hive.colony.denying(rook, "act");

    answer(approval, new Answer.AllowOnce());

    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.told(hive.worker(parent).id())).contains("not permitted");
    assertThat(hive.acts).isEmpty();
  }

  @Test
  void where_the_parent_is_to_ask_the_child_asks_in_the_conversation_of_the_root() {
    RunId parent = hive.tell(rook(Grant.Verdict.ASK, "act"), "chat", "by another");
    RunId worker = hive.worker(parent).id();
    Approval approval = asked(worker);

    assertThat(approval.subject().conversation()).isEqualTo("chat");
    assertThat(approval.asked().why()).contains("The worker `helper`", worker.value());
    assertThat(hive.colony.said("chat").getFirst()).contains("The worker `helper`");
    assertThat(hive.acts).isEmpty();
    assertThat(hive.colony.run(parent).times().deadline())
        .isGreaterThanOrEqualTo(hive.colony.run(worker).times().deadline())
        .isGreaterThan(approval.times().deadline());

    answer(approval, new Answer.AllowAlways());
    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.acts).hasSize(1);
    assertThat(hive.summaries(parent)).containsExactly("act: acted");
  }

  @Test
  void what_is_always_allowed_to_one_agent_is_still_asked_for_another() {
    Agent rook = rook(Grant.Verdict.ASK, "act");
    hive.colony.rule(heron, Grant.Verdict.ASK, "act");
    RunId first = hive.tell(rook, "chat", "by another");
    answer(asked(hive.worker(first).id()), new Answer.AllowAlways());
    Run _ = hive.colony.over(first);

    RunId second = hive.tell(rook, "another chat", "by another");

    assertThat(asked(hive.worker(second).id()).state()).isEqualTo(Approval.State.PENDING);
    assertThat(hive.acts).hasSize(1);
  }

  @Test
  void a_child_has_of_its_parents_tools_those_that_it_is_given() {
    Agent rook = hive.colony.agent("rook");
    Run little = hive.ask(rook, "chat", "with little");
    assertThat(hive.told(hive.worker(little.id()).id())).contains("You have: hold.");

    Run nothing = hive.ask(rook, "chat", "with nothing");
    assertThat(hive.told(hive.worker(nothing.id()).id())).contains("You have no tools.");

    Agent poor = hive.colony.asking("poor", "act");
    hive.colony.rule(poor, Grant.Verdict.ALLOW, "delegate");
    Run more = hive.ask(poor, "other", "with more");
    assertThat(hive.told(more.id())).contains("tool-not-yours", "bash");
    assertThat(hive.acts).isEmpty();
  }

  @Test
  void what_a_run_holds_its_children_hold_and_what_they_bring_it_holds() {
    Agent rook = hive.colony.agent("rook");
    Run parent = hive.ask(rook, "chat", "by myself");
    RunId worker = hive.worker(parent.id()).id();

    hive.colony.until("it acted", () -> hive.acts.size() == 1);
    var runs = hive.colony.house().runs;
    var org = hive.colony.org();
    assertThat(hive.colony.database().read(org, tx -> runs.taint(tx, org, worker)).both()).isTrue();
    assertThat(hive.colony.database().read(org, tx -> runs.taint(tx, org, parent.id())).both())
        .isTrue();

    Run again = hive.ask(rook, "chat", "by myself");
    var said = runs.detail(org, hive.worker(again.id()).id()).messages().getFirst();
    assertThat(said.from().source()).isEqualTo("agent:" + rook.id());
    assertThat(said.from().taint().both()).isTrue();
  }

  private Approval asked(RunId run) {
    hive.colony.until("run " + run + " asks", () -> !pending(run).isEmpty());
    return pending(run).getFirst();
  }

  private List<Approval> pending(RunId run) {
    return hive.colony
        .house()
        .approvals
        .list(hive.colony.org(), new Approvals.Query(Approval.State.PENDING, run, null, null, 10));
  }

  private void answer(Approval approval, Answer answer) {
    Approval _ =
        hive.colony.house().approvals.answer(hive.colony.org(), approval.id(), answer, null, "ada");
  }
}
