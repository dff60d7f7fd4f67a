package dev.rookery.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Runs;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request holds one exact call, and its first answer (spec 02, "Approvals"). */
@BothEngines
final class ApprovalsIT {
  private static final String ARGUMENTS = "{\"command\":\"git push\"}";

  private final TestDatabase db;
  private final Colony colony;
  private final Approvals approvals;
  private final Agent rook;

  ApprovalsIT(TestDatabase db) {
    this.db = db;
    this.colony =
        Colony.scripted(
            db.database(),
            Colony.ECHO,
            TestTool.of("act", EffectClass.UNSAFE, _ -> Tool.ToolResult.ok("acted")));
    this.approvals = colony.house().approvals;
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Approval request() {
    return request(Duration.ofHours(1));
  }

  private Approval request(Duration patience) {
    RunId run = RunId.next();
    String conversation = "chat-" + run;
    return colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony
                  .house()
                  .conversations
                  .note(tx, colony.org(), Colony.line(conversation, "hello"));
              NewRun queued =
                  new NewRun(
                      run,
                      rook.id(),
                      dev.rookery.kernel.ActivationId.next(),
                      conversation,
                      new NewRun.Nature("turn", 0, true),
                      Duration.ZERO,
                      Duration.ofDays(1));
              colony
                  .house()
                  .runs
                  .queue(
                      tx,
                      colony.org(),
                      queued,
                      List.of(
                          new Runs.Input(EventId.next(), "x", new Runs.Speaker("test:ada", true))));
              return approvals.request(
                  tx,
                  colony.org(),
                  new Approvals.Request(
                      new Approval.Subject(run, 2, rook.id(), conversation),
                      Approval.Call.of("act", ARGUMENTS),
                      new Approval.Asked("act", "A rule asks.", "git push"),
                      patience));
            });
  }

  private Approval answer(ApprovalId id, Answer answer) {
    return approvals.answer(colony.org(), id, answer, null, "ada");
  }

  private static String code(Runnable refused) {
    try {
      refused.run();
    } catch (Refusal refusal) {
      return refusal.kind().status() + " " + refusal.code();
    }
    return "accepted";
  }

  private Approval stored(ApprovalId id) {
    return approvals.find(colony.org(), id);
  }

  @Test
  void what_is_stored_is_the_exact_call_with_its_hash_and_preview() {
    Approval asked = request();

    Approval stored = stored(asked.id());
    assertThat(stored).isEqualTo(asked);
    assertThat(stored.call().intact()).isTrue();
    assertThat(stored.call().arguments()).isEqualTo(ARGUMENTS);
    assertThat(stored.state()).isEqualTo(Approval.State.PENDING);
    assertThat(stored.allowed()).isNull();
    assertThat(colony.said(asked.subject().conversation()))
        .singleElement()
        .asString()
        .contains("git push", "A rule asks.", asked.id().value());
  }

  @Test
  void the_first_answer_holds_and_its_repetition_is_accepted() {
    ApprovalId id = request().id();

    Approval allowed = answer(id, new Answer.AllowOnce());
    assertThat(allowed.allowed()).isEqualTo(allowed.call());
    assertThat(answer(id, new Answer.AllowOnce())).isEqualTo(stored(id));
    assertThat(code(() -> answer(id, new Answer.Deny("")))).isEqualTo("409 approval-answered");
    assertThat(code(() -> answer(id, new Answer.AllowAlways()))).isEqualTo("409 approval-answered");
    assertThat(stored(id).decision()).isEqualTo(allowed.decision());
  }

  @Test
  void of_many_answers_at_once_one_holds() {
    ApprovalId id = request().id();
    List<String> ends =
        Together.on(12, i -> code(() -> answer(id, i % 2 == 0 ? once() : new Answer.Deny("no"))));

    assertThat(ends).containsOnly("accepted", "409 approval-answered");
    assertThat(ends.stream().filter("accepted"::equals)).hasSize(6);
  }

  private static Answer once() {
    return new Answer.AllowOnce();
  }

  @Test
  void words_and_edits_are_kept_with_the_decision() {
    ApprovalId denied = request().id();
    answer(denied, new Answer.Deny("Use staging."));
    assertThat(stored(denied).decision())
        .extracting(Approval.Decision::answer)
        .isEqualTo(new Answer.Deny("Use staging."));
    assertThat(stored(denied).allowed()).isNull();

    ApprovalId edited = request().id();
    answer(edited, new Answer.Edit("{\"command\":\"git status\"}"));
    Approval stored = stored(edited);
    assertThat(stored.allowed())
        .isEqualTo(Approval.Call.of("act", "{\"command\":\"git status\"}"))
        .isNotEqualTo(stored.call());
  }

  @Test
  void after_a_cancel_and_after_the_deadline_an_answer_is_late() {
    Approval cancelled = request();
    colony.house().runs.cancel(colony.org(), cancelled.subject().run(), "bob");
    assertThat(stored(cancelled.id()).state()).isEqualTo(Approval.State.CANCELLED);
    assertThat(code(() -> answer(cancelled.id(), once()))).isEqualTo("410 approval-over");

    Approval late = request(Duration.ofMinutes(1));
    db.clock().advance(Duration.ofMinutes(2));
    assertThat(code(() -> answer(late.id(), once()))).isEqualTo("410 approval-over");
    try (var _ = approvals.serve()) {
      colony.until("it expires", () -> stored(late.id()).state() == Approval.State.EXPIRED);
    }
    assertThat(code(() -> answer(late.id(), once()))).isEqualTo("410 approval-over");
    assertThat(colony.said(late.subject().conversation()).getLast()).contains("Nobody answered");
  }

  @Test
  void a_call_that_was_changed_by_a_byte_is_not_allowed() {
    Approval asked = request();
    assertThat(
            code(() -> approvals.answer(colony.org(), asked.id(), once(), "0".repeat(64), "ada")))
        .isEqualTo("409 call-changed");

    tamper(asked.id());
    assertThat(code(() -> answer(asked.id(), once()))).isEqualTo("409 call-changed");
    assertThat(stored(asked.id()).state()).isEqualTo(Approval.State.PENDING);
  }

  private void tamper(ApprovalId id) {
    colony
        .database()
        .write(
            colony.org(),
            tx ->
                tx.handle()
                    .createUpdate("UPDATE approval SET arguments = :other WHERE id = :id")
                    .bind("other", ARGUMENTS.replace("push", "pusk"))
                    .bind("id", id.value())
                    .execute());
  }

  @Test
  void what_is_allowed_for_always_stands_until_it_is_revoked() {
    Approval asked = request();
    answer(asked.id(), new Answer.AllowAlways());

    assertThat(standing(ARGUMENTS)).isTrue();
    assertThat(standing(ARGUMENTS.replace("push", "pull"))).isFalse();
    assertThat(approvals.standing(colony.org()))
        .singleElement()
        .satisfies(s -> assertThat(s.arguments()).isEqualTo(ARGUMENTS));

    approvals.revoke(colony.org(), asked.id(), "ada");
    assertThat(standing(ARGUMENTS)).isFalse();
    assertThat(code(() -> approvals.revoke(colony.org(), asked.id(), "ada")))
        .isEqualTo("404 standing-approval-not-found");
  }

  private boolean standing(String arguments) {
    return colony
        .database()
        .read(
            colony.org(),
            tx ->
                approvals
                    .standing(tx, colony.org(), rook.id(), Approval.Call.of("act", arguments))
                    .isPresent());
  }

  @Test
  void a_decided_request_never_changes_even_in_the_database() {
    ApprovalId id = request().id();
    answer(id, new Answer.Deny(""));

    assertThatThrownBy(
            () ->
                colony
                    .database()
                    .write(
                        colony.org(),
                        tx ->
                            tx.handle()
                                .createUpdate(
                                    "UPDATE approval SET state = 'allowed' WHERE id = :id")
                                .bind("id", id.value())
                                .execute()))
        .hasStackTraceContaining("never changes");
  }

  @Test
  void another_organization_neither_sees_nor_answers_it() {
    ApprovalId id = request().id();
    var other = colony.newOrg();

    assertThat(code(() -> approvals.find(other, id))).isEqualTo("404 approval-not-found");
    assertThat(code(() -> approvals.answer(other, id, once(), null, "eve")))
        .isEqualTo("404 approval-not-found");
    assertThat(approvals.list(other, new Approvals.Query(null, null, null, null, 10))).isEmpty();
  }

  @Test
  void requests_are_listed_newest_first_and_by_state() {
    Approval first = request();
    Approval second = request();
    answer(first.id(), once());

    assertThat(ids(null)).startsWith(second.id(), first.id());
    assertThat(ids(Approval.State.PENDING)).contains(second.id()).doesNotContain(first.id());
  }

  private List<ApprovalId> ids(Approval.State state) {
    return approvals
        .list(colony.org(), new Approvals.Query(state, null, rook.id(), null, 10))
        .stream()
        .map(Approval::id)
        .toList();
  }
}
