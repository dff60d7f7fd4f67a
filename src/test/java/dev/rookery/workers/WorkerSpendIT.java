package dev.rookery.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.Agent;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.spend.Limits;
import dev.rookery.spend.Money;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Price;
import dev.rookery.spend.PriceTag;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Standing;
import dev.rookery.spend.Window;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Spend never exceeds a hard budget, children included (promise 8). A call may cost at most about
 * 0.041; that of a worker that says something costs 0.02.
 */
@BothEngines
final class WorkerSpendIT {
  private static final Map<String, String> CALLS =
      Map.of(
          "eight", "{tasks: [" + "{task: say one},".repeat(7) + "{task: say last}]}",
          "tight",
              "{tasks: [{task: say one, budget_usd: 0.03}, {task: say two, budget_usd: 0.05}]}",
          "nested", "{tasks: [{task: have it said, budget_usd: 0.05}]}");

  private final TestDatabase db;
  private final Hive hive;
  private final Agent rook;

  WorkerSpendIT(TestDatabase db) {
    this.db = db;
    this.hive = new Hive(db.database(), CALLS, Map.of());
    this.rook = hive.colony.agent("rook");
    var _ =
        hive.colony
            .house()
            .spend
            .prices()
            .set(
                hive.colony.org(),
                new PriceTag("scripted", new Price.PerToken(Money.ZERO, Money.parse("10.00"))));
    hive.colony.working();
  }

  @AfterEach
  void close() {
    hive.close();
  }

  private Standing limit(Scope scope, String hard) {
    Limits limits = new Limits(null, Money.parse(hard));
    return hive.colony
        .house()
        .spend
        .budgets()
        .create(hive.colony.org(), new NewBudget(scope, Window.TOTAL, limits));
  }

  @Test
  void many_children_against_a_small_budget_of_each_tree_spend_no_more_than_it() {
    Standing budget = limit(new Scope.OfAgent(rook.id()), "0.10");
    Standing tree = limit(new Scope.EachRunTree(), "0.12");
    RunId parent = hive.tell(rook, "chat", "eight");
    hive.colony.until(
        "all are over or wait",
        () ->
            hive.workers(parent).size() == 8
                && hive.workers(parent).stream().allMatch(w -> settled(w.id())));

    var budgets = hive.colony.house().spend.budgets();
    Money spent = budgets.find(hive.colony.org(), budget.budget().id()).spent();
    assertThat(spent.exceeds(Money.parse("0.10"))).as("%s", spent).isFalse();
    assertThat(spent.exceeds(Money.parse("0.03"))).as("%s", spent).isTrue();
    assertThat(hive.workers(parent).stream().filter(w -> !w.active()).count()).isBetween(2L, 5L);
    assertThat(hive.colony.said("chat")).anyMatch(text -> text.contains("asks: I pause here"));

    budgets.change(hive.colony.org(), budget.budget().id(), new Limits(null, Money.parse("9")));
    budgets.change(hive.colony.org(), tree.budget().id(), new Limits(null, Money.parse("9")));
    assertThat(hive.colony.over(parent).status().state()).isEqualTo(RunState.DONE);
    assertThat(hive.summaries(parent)).hasSize(8).startsWith("said one").endsWith("said last");
    assertThat(
            hive.colony
                .house()
                .spend
                .ofRunTree(hive.colony.org(), parent)
                .spent()
                .exceeds(Money.parse("0.16")))
        .isTrue();
  }

  /** Those that wait for calls under way try again in two seconds of the database's clock. */
  private boolean settled(RunId run) {
    Run.Status status = hive.colony.run(run).status();
    if (status.state() == RunState.RUNNING && "budget".equals(status.waitReason())) {
      db.clock().advance(Duration.ofMillis(300));
    }
    return status.state().over()
        || status.state() == RunState.WAITING_PERMISSION && "budget".equals(status.waitReason());
  }

  @Test
  void a_share_that_does_not_suffice_ends_the_child_and_the_parent_is_told() {
    Run parent = hive.ask(rook, "chat", "tight");

    assertThat(hive.workers(parent.id()))
        .extracting(w -> w.standing().state())
        .containsExactly(Worker.State.FAILED, Worker.State.FINISHED);
    assertThat(hive.told(parent.id())).contains("budget_exhausted");
    assertThat(hive.colony.house().spend.budgets().list(hive.colony.org())).isEmpty();
  }

  @Test
  void what_grandchildren_spend_is_of_the_share_of_the_child() {
    Run parent = hive.ask(rook, "chat", "nested");

    Worker child = hive.worker(parent.id());
    Worker grandchild = hive.worker(child.id());
    assertThat(grandchild.standing().summary()).isEqualTo("said deep");
    assertThat(child.standing().cause()).contains("budget_exhausted");
    assertThat(hive.colony.house().spend.budgets().list(hive.colony.org())).isEmpty();
  }
}
