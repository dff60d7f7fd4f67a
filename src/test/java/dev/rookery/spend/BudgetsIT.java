package dev.rookery.spend;

import static dev.rookery.spend.Shop.hard;
import static dev.rookery.spend.Shop.usd;
import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.Purchase.Key;
import dev.rookery.spend.Reservation.HardLimit;
import dev.rookery.spend.Reservation.Reserved;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@BothEngines
final class BudgetsIT {
  private final TestDatabase db;
  private final Shop shop;
  private final RunId run = RunId.next();

  BudgetsIT(TestDatabase db) {
    this.db = db;
    this.shop = new Shop(db);
  }

  @Test
  void there_is_one_budget_of_a_scope_and_window() {
    Standing made = shop.budget(new Scope.Organization(), Window.HOUR, hard("1.00"));
    shop.budget(new Scope.Organization(), Window.DAY, hard("1.00"));
    NewBudget again = new NewBudget(new Scope.Organization(), Window.HOUR, hard("2.00"));
    refused("budget-exists", () -> shop.spend.budgets().create(shop.org, again));
    NewBudget nobody = new NewBudget(new Scope.OfAgent(AgentId.next()), Window.DAY, hard("1"));
    refused("agent-not-found", () -> shop.spend.budgets().create(shop.org, nobody));
    assertThat(shop.spend.budgets().list(shop.org)).hasSize(2).first().isEqualTo(made);
    refused("budget-not-found", () -> shop.spend.budgets().find(shop.org, BudgetId.next()));
  }

  @Test
  void what_was_spent_in_the_window_before_the_budget_counts() {
    shop.reserve(shop.cents(run, 1, 60));
    shop.settleCents(Key.of(run, 1, 1), 50);
    shop.reserve(shop.cents(run, 2, 20));

    Standing late = shop.budget(new Scope.OfAgent(shop.agent), Window.TOTAL, hard("0.80"));

    assertThat(late.spent()).isEqualTo(usd("0.70"));
    assertThat(shop.reserve(shop.cents(run, 3, 11))).isInstanceOf(HardLimit.class);
    shop.settleCents(Key.of(run, 2, 1), 1);
    assertThat(shop.now(late).reserved()).isEqualTo(Money.ZERO);
    assertThat(shop.reserve(shop.cents(run, 3, 10))).isInstanceOf(Reserved.class);
  }

  @Test
  void a_new_window_begins_with_nothing_and_old_calls_are_booked_on_the_old_one() {
    Standing budget = shop.budget(new Scope.OfContact("c"), Window.HOUR, hard("0.50"));
    Instant end = Objects.requireNonNull(budget.resetsAt());
    db.clock().set(end.minusMillis(1));
    shop.reserve(shop.cents(Key.of(run, 1, 1), run, "c", 40));
    assertThat(shop.reserve(shop.cents(Key.of(run, 2, 1), run, "c", 40)))
        .isInstanceOf(HardLimit.class);

    db.clock().set(end);

    assertThat(shop.reserve(shop.cents(Key.of(run, 2, 1), run, "c", 40)))
        .isInstanceOf(Reserved.class);
    shop.settleCents(Key.of(run, 1, 1), 40);
    assertThat(shop.now(budget).spent()).isEqualTo(Money.ZERO);
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.40"));
    assertThat(shop.now(budget).resetsAt()).isEqualTo(end.plus(Duration.ofHours(1)));
  }

  @Test
  void a_limit_that_was_met_is_news_again_after_it_changed() {
    Standing budget = shop.budget(new Scope.OfContact("n"), Window.TOTAL, hard("0.01"));
    BudgetId id = budget.budget().id();
    shop.reserve(shop.cents(Key.of(run, 1, 1), run, "n", 2));
    shop.reserve(shop.cents(Key.of(run, 2, 1), run, "n", 2));

    Limits both = new Limits(usd("0.01"), usd("0.02"));
    assertThat(shop.spend.budgets().change(shop.org, id, both).budget().limits()).isEqualTo(both);
    shop.reserve(shop.cents(Key.of(run, 3, 1), run, "n", 3));

    assertThat(shop.journal(id.value()))
        .extracting(r -> r.entry().kind())
        .containsExactly(
            "budget.created", "budget.exhausted", "budget.changed", "budget.exhausted");
    assertThat(shop.journal(id.value()).getLast().entry().data().path("hard").asText())
        .isEqualTo("0.02");
  }

  @Test
  void a_budget_may_be_removed_while_calls_are_under_way() {
    Standing budget = shop.budget(new Scope.OfContact("r"), Window.DAY, hard("0.50"));
    shop.reserve(shop.cents(Key.of(run, 1, 1), run, "r", 40));

    shop.spend.budgets().remove(shop.org, budget.budget().id());

    refused("budget-not-found", () -> shop.spend.budgets().remove(shop.org, budget.budget().id()));
    assertThat(shop.settleCents(Key.of(run, 1, 1), 30)).isEqualTo(usd("0.30"));
    assertThat(shop.reserve(shop.cents(Key.of(run, 2, 1), run, "r", 90)))
        .isInstanceOf(Reserved.class);
  }

  @Test
  void another_organization_neither_sees_nor_changes_it() {
    Standing budget = shop.budget(new Scope.OfContact("t"), Window.DAY, hard("0.50"));
    BudgetId id = budget.budget().id();
    Shop other = new Shop(db);
    refused("budget-not-found", () -> other.spend.budgets().find(other.org, id));
    refused("budget-not-found", () -> other.spend.budgets().change(other.org, id, hard("9")));
    refused("budget-not-found", () -> other.spend.budgets().remove(other.org, id));
    refused(
        "budget-not-found",
        () ->
            other.database.write(
                other.org,
                tx -> {
                  other.spend.consent(tx, other.org, id, run);
                  return true;
                }));
    assertThat(shop.now(budget)).isEqualTo(budget);
  }
}
