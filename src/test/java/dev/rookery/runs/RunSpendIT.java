package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.Limits;
import dev.rookery.spend.Money;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Price;
import dev.rookery.spend.PriceTag;
import dev.rookery.spend.Scope;
import dev.rookery.spend.SpendEntry;
import dev.rookery.spend.Standing;
import dev.rookery.spend.Window;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs spend is reserved before and booked after, and never more than may be (spec 02). */
@BothEngines
final class RunSpendIT {
  private static final int AT_ONCE = 50;

  /** The most is 4,096 output tokens at 10.00 a million, so about 0.041; the answer costs 0.02. */
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "slowly"}}
          then: {text: "late", delay_ms: 60000}
        - then: {text: "Done.", usage: {input: 0, output: 2000}}
      """;

  private final TestDatabase db;
  private final Colony colony;
  private final Agent rook;

  RunSpendIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), SCRIPT).dispatching();
    this.rook = colony.agent("rook");
    var _ =
        colony
            .house()
            .spend
            .prices()
            .set(
                colony.org(),
                new PriceTag("scripted", new Price.PerToken(Money.ZERO, Money.parse("10.00"))));
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Standing budget(Scope scope, @Nullable String soft, @Nullable String hard) {
    return budget(scope, Window.TOTAL, soft, hard);
  }

  private Standing budget(
      Scope scope, Window window, @Nullable String soft, @Nullable String hard) {
    Limits limits =
        new Limits(
            soft == null ? null : Money.parse(soft), hard == null ? null : Money.parse(hard));
    return colony
        .house()
        .spend
        .budgets()
        .create(colony.org(), new NewBudget(scope, window, limits));
  }

  private Standing now(Standing standing) {
    return colony.house().spend.budgets().find(colony.org(), standing.budget().id());
  }

  private RunId tell(String conversation, String text) {
    return colony.runOf(colony.tell(rook, conversation, text));
  }

  private void untilWaits(RunId run, String reason) {
    colony.until(
        "run " + run + " waits for " + reason,
        () -> reason.equals(colony.run(run).status().waitReason()));
  }

  @Test
  void fifty_runs_at_once_spend_no_more_than_the_hard_limit() {
    Standing budget = budget(new Scope.Organization(), null, "0.50");
    colony.working();
    List<RunId> runs = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      runs.add(tell("chat " + i, "hello"));
    }
    colony.until("all are done or wait", () -> runs.stream().allMatch(this::doneOrParked));

    Standing now = now(budget);
    assertThat(now.spent().exceeds(Money.parse("0.50"))).as("%s", now.spent()).isFalse();
    assertThat(now.reserved()).isEqualTo(Money.ZERO);
    long done = runs.stream().filter(r -> colony.run(r).status().state().over()).count();
    assertThat(now.spent()).isEqualTo(new Money(done * 20_000));
    assertThat(done).isBetween(20L, 25L);
    assertThat(colony.said("chat 0").size() + colony.said("chat 49").size()).isPositive();
  }

  /** Those that wait for calls under way try again in two seconds of the database's clock. */
  private boolean doneOrParked(RunId run) {
    Run.Status status = colony.run(run).status();
    if (status.state() == RunState.RUNNING && "budget".equals(status.waitReason())) {
      db.clock().advance(Duration.ofMillis(300));
    }
    return status.state().over()
        || status.state() == RunState.WAITING_PERMISSION && "budget".equals(status.waitReason());
  }

  @Test
  void a_hard_limit_parks_the_run_and_raising_it_lets_it_go_on() {
    Standing budget = budget(new Scope.OfAgent(rook.id()), null, "0.01");
    RunWorkers workers = colony.working();
    RunId run = tell("chat", "hello");
    untilWaits(run, "budget");
    colony.until("no thread waits", () -> workers.active() == 0);
    assertThat(colony.said("chat"))
        .singleElement()
        .asString()
        .contains("I pause here", "$0.01", "rookery budgets set");

    var _ =
        colony
            .house()
            .spend
            .budgets()
            .change(colony.org(), budget.budget().id(), new Limits(null, Money.parse("1.00")));

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(now(budget).spent()).isEqualTo(Money.parse("0.02"));
    assertThat(colony.said("chat")).last().isEqualTo("Done.");
  }

  @Test
  void a_run_that_gets_no_money_until_its_deadline_says_so() {
    Standing _ = budget(new Scope.OfAgent(rook.id()), null, "0.01");
    colony.working();
    RunId run = tell("chat", "hello");
    untilWaits(run, "budget");

    db.clock().advance(Duration.ofDays(3));

    Run over = colony.over(run);
    assertThat(over.status().state()).isEqualTo(RunState.FAILED);
    assertThat(over.status().failureReason()).isEqualTo("budget_exhausted");
    assertThat(colony.said("chat")).last().asString().contains("the budget is used up");
  }

  @Test
  void a_new_window_lets_it_go_on_too() {
    Standing _ = budget(new Scope.Organization(), Window.DAY, null, "0.05");
    colony.working();
    Run first = colony.ask(rook, "one", "hello");
    assertThat(first.status().state()).isEqualTo(RunState.DONE);
    RunId second = tell("two", "hello");
    untilWaits(second, "budget");

    db.clock().advance(Duration.ofHours(25));

    assertThat(colony.over(second).status().state()).isEqualTo(RunState.DONE);
  }

  @Test
  void a_soft_limit_asks_a_person_once() {
    Standing budget = budget(new Scope.Organization(), "0.01", null);
    colony.working();
    RunId run = tell("chat", "hello");
    untilWaits(run, "approval");
    Approval approval = pending(run);
    assertThat(approval.asked().why()).contains("soft limit of $0.01");
    var _ =
        colony
            .house()
            .approvals
            .answer(colony.org(), approval.id(), new Answer.AllowOnce(), null, "ada");

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(now(budget).spent()).isEqualTo(Money.parse("0.02"));
  }

  private Approval pending(RunId run) {
    return colony
        .house()
        .approvals
        .list(colony.org(), new Approvals.Query(Approval.State.PENDING, run, null, null, 10))
        .getFirst();
  }

  @Test
  void a_denied_soft_limit_ends_the_run_for_want_of_money() {
    Standing _ = budget(new Scope.Organization(), "0.01", null);
    colony.working();
    RunId run = tell("chat", "hello");
    untilWaits(run, "approval");
    var _ =
        colony
            .house()
            .approvals
            .answer(colony.org(), pending(run).id(), new Answer.Deny(""), null, "ada");

    Run over = colony.over(run);
    assertThat(over.status().failureReason()).isEqualTo("budget_exhausted");
  }

  @Test
  void a_cancel_leaves_nothing_reserved() {
    Standing budget = budget(new Scope.Organization(), null, "1.00");
    RunWorkers workers = colony.working();
    RunId run = tell("chat", "slowly");
    colony.until("it is asked", () -> !now(budget).reserved().isZero());
    var _ = colony.house().runs.cancel(colony.org(), run, "ada");

    assertThat(now(budget).reserved()).isEqualTo(Money.ZERO);
    colony.until("the thread is free", () -> workers.active() == 0);
    assertThat(colony.house().spend.ofRun(colony.org(), run))
        .singleElement()
        .extracting(SpendEntry::state)
        .isEqualTo(SpendEntry.State.SETTLED);
  }

  @Test
  void the_sender_s_budget_holds_for_the_sender_alone() {
    Standing budget = budget(new Scope.OfContact("test:ada"), null, "0.01");
    colony.working();

    untilWaits(tell("chat", "hello"), "budget");
    assertThat(now(budget).spent()).isEqualTo(Money.ZERO);
  }
}
