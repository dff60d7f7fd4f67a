package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Taint;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs again: copies of what was, never performed again, and then a run like any other. */
@BothEngines
final class RerunIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "and now"}}
          then: {text: "Now: {{last_user_text}}"}
        - when: {user_text: {contains: "book"}}
          then: {tool_calls: [{tool: look}, {tool: send}]}
        - then: {text: "Said {{tool_result}}"}
      """;

  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger sends = new AtomicInteger();
  private volatile boolean broken;
  private final Colony colony;
  private final Agent rook;
  private final Reruns reruns;

  RerunIT(TestDatabase db) {
    this.colony =
        Colony.scripted(
                db.database(),
                SCRIPT,
                TestTool.of("look", EffectClass.PURE, _ -> looked()),
                TestTool.of("send", EffectClass.UNSAFE, _ -> sent()))
            .dispatching();
    this.rook = colony.agent("rook");
    colony.working();
    this.reruns = new Reruns(db.database(), colony.house().journal, colony.house().runs);
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Tool.ToolResult looked() {
    return Tool.ToolResult.ok("looked " + looks.incrementAndGet());
  }

  private Tool.ToolResult sent() {
    int number = sends.incrementAndGet();
    if (broken) {
      throw new Tool.OutcomeUnknown("The connection broke.");
    }
    return Tool.ToolResult.ok("sent " + number);
  }

  private Inbound wish(Reruns.Wish wish, String conversation, String key) {
    String text = wish.text();
    return new Inbound(
        new Inbound.Origin("api", null, null),
        wish.kind().label(),
        key,
        new Inbound.Place(conversation, null, conversation, conversation, true),
        new Inbound.Actor(Inbound.Actor.Kind.MEMBER, "key", "Ada", 0),
        Instant.EPOCH,
        new Inbound.Content(text == null ? "" : text, true, null, List.of()),
        Json.object()
            .put("run", wish.of().value())
            .put("from_step", wish.fromStep())
            .put("policy", PolicyId.next().value()));
  }

  private Run again(Run.Rerun.Kind kind, RunId of, @Nullable Integer from, @Nullable String text) {
    Reruns.Wish asked = new Reruns.Wish(kind, of, from, text);
    int step = reruns.plan(colony.org(), asked).fromStep();
    Reruns.Wish wish = new Reruns.Wish(kind, of, step, text);
    String place = kind == Run.Rerun.Kind.RETRY ? "chat" : "api:fork";
    var accepted = colony.accept(rook, wish(wish, place, Ids.next("key")));
    return colony.over(colony.runOf(accepted.event()));
  }

  private Runs.Detail detail(Run run) {
    return colony.house().runs.detail(colony.org(), run.id());
  }

  private List<String> said(Run run) {
    return detail(run).said().stream()
        .map(
            message ->
                switch (message) {
                  case ModelMessage.User(String text) -> "user: " + text;
                  case ModelMessage.Assistant(String text, var calls) ->
                      "model: " + text + calls.size();
                  case ModelMessage.ToolAnswer answer -> "tool: " + answer.text();
                })
        .toList();
  }

  @Test
  void a_retry_from_a_call_copies_what_was_before_and_makes_that_call_anew() {
    Run first = colony.ask(rook, "chat", "book it");
    Run second = again(Run.Rerun.Kind.RETRY, first.id(), 3, null);

    assertThat(looks).hasValue(1);
    assertThat(sends).hasValue(2);
    assertThat(said(second))
        .containsExactly(
            "user: book it", "model: 2", "tool: looked 1", "tool: sent 2", "model: Said sent 20");
    assertThat(second.origin().rerun())
        .isEqualTo(new Run.Rerun(Run.Rerun.Kind.RETRY, first.id(), 3));
    assertThat(second.conversation()).isEqualTo("chat");
    assertThat(reruns.copies(colony.org(), second))
        .isEqualTo(new Reruns.Copies(List.of(1, 2), List.of(1, 2, 3)));
    assertThat(colony.said("chat")).containsExactly("Said sent 1", "Said sent 2");
    List<Step> before = detail(first).steps().stream().map(Runs.SeenStep::step).toList();
    List<Step> after = detail(second).steps().stream().map(Runs.SeenStep::step).toList();
    assertThat(after.get(1)).isEqualTo(before.get(1));
    assertThat(after.get(2).body().idemKey())
        .hasSameSizeAs(before.get(2).body().idemKey())
        .isNotEqualTo(before.get(2).body().idemKey());
    assertThat(reruns.effects(colony.org(), first.id(), 3))
        .extracting(Step::name)
        .containsExactly("send", "reply");
    assertThat(colony.journal(second.id()).getFirst().entry().data().path("retry_of").asText())
        .isEqualTo(first.id().value());
  }

  @Test
  void a_retry_from_the_beginning_does_everything_again_in_the_past_of_the_first() {
    colony.ask(rook, "chat", "hello");
    Run first = colony.ask(rook, "chat", "book it");
    Run second = again(Run.Rerun.Kind.RETRY, first.id(), null, null);

    assertThat(second.origin().rerun()).extracting(Run.Rerun::fromStep).isEqualTo(1);
    assertThat(looks).hasValue(2);
    assertThat(sends).hasValue(2);
    assertThat(detail(second).steps().getFirst().step().body().request())
        .isEqualTo(detail(first).steps().getFirst().step().body().request());
  }

  @Test
  void a_retry_of_a_reply_says_it_again_and_asks_no_model() {
    Run first = colony.ask(rook, "chat", "book it");
    Run second = again(Run.Rerun.Kind.RETRY, first.id(), 5, null);

    assertThat(detail(second).steps()).hasSize(5);
    assertThat(colony.said("chat")).containsExactly("Said sent 1", "Said sent 1");
    assertThat(sends).hasValue(1);
  }

  @Test
  void a_fork_goes_on_elsewhere_with_a_new_line() {
    Run first = colony.ask(rook, "chat", "book it");
    Run fork = again(Run.Rerun.Kind.FORK, first.id(), null, "and now?");

    assertThat(fork.origin().rerun()).extracting(Run.Rerun::fromStep).isEqualTo(6);
    assertThat(said(fork))
        .containsExactly(
            "user: book it",
            "model: 2",
            "tool: looked 1",
            "tool: sent 1",
            "model: Said sent 10",
            "user: and now?",
            "model: Now: and now?0");
    assertThat(colony.said("chat")).containsExactly("Said sent 1");
    assertThat(colony.said("api:fork")).containsExactly("Now: and now?");
    assertThat(sends).hasValue(1);
    Run again = again(Run.Rerun.Kind.FORK, fork.id(), 6, "and now again?");
    assertThat(said(again)).last().isEqualTo("model: Now: and now again?0");
  }

  @Test
  void what_a_stopped_run_did_not_reach_is_where_its_retry_begins() {
    broken = true;
    RunId first = colony.runOf(colony.tell(rook, "chat", "book it"));
    colony.until(
        "it waits", () -> colony.run(first).status().state() == RunState.WAITING_PERMISSION);
    assertThatThrownBy(() -> again(Run.Rerun.Kind.RETRY, first, null, null))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.code()).isEqualTo("run-not-over"));
    colony.house().runs.cancel(colony.org(), first, "ada");
    broken = false;

    assertThatThrownBy(() -> again(Run.Rerun.Kind.RETRY, first, 4, null))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.code()).isEqualTo("step-not-reached"));
    Run second = again(Run.Rerun.Kind.RETRY, first, null, null);
    assertThat(second.origin().rerun()).extracting(Run.Rerun::fromStep).isEqualTo(3);
    assertThat(second.status().state()).isEqualTo(RunState.DONE);
    assertThat(said(second)).contains("tool: sent 2").last().isEqualTo("model: Said sent 20");
  }

  @Test
  void steps_that_do_not_exist_and_forks_without_anything_to_do_are_refused() {
    Run first = colony.ask(rook, "chat", "book it");
    for (int from : List.of(0, -1, 7, Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> again(Run.Rerun.Kind.FORK, first.id(), from, null))
          .isInstanceOfSatisfying(
              Refusal.class, e -> assertThat(e.code()).isEqualTo("bad-from-step"));
    }
    assertThatThrownBy(() -> again(Run.Rerun.Kind.FORK, first.id(), 6, null))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.code()).isEqualTo("nothing-to-do"));
    assertThatThrownBy(
            () ->
                reruns.plan(
                    colony.newOrg(), new Reruns.Wish(Run.Rerun.Kind.FORK, first.id(), 1, null)))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.code()).isEqualTo("run-not-found"));
  }

  @Test
  void taint_comes_along_and_one_wish_makes_one_run() {
    Run first = colony.ask(rook, "chat", "book it");
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              RunStore.taint(tx, colony.org(), first.id(), Taint.BOTH);
              return tx;
            });
    Reruns.Wish wish = new Reruns.Wish(Run.Rerun.Kind.RETRY, first.id(), 3, null);
    var one = colony.accept(rook, wish(wish, "chat", "same"));
    var two = colony.accept(rook, wish(wish, "chat", "same"));
    assertThat(two.duplicate()).isTrue();
    Run second = colony.over(colony.runOf(one.event()));
    assertThat(colony.runs()).hasSize(2);
    Taint held =
        colony
            .database()
            .read(colony.org(), tx -> colony.house().runs.taint(tx, colony.org(), second.id()));
    assertThat(held).isEqualTo(Taint.BOTH);
  }
}
