package dev.rookery.spend;

import static dev.rookery.spend.Shop.hard;
import static dev.rookery.spend.Shop.soft;
import static dev.rookery.spend.Shop.usd;
import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.spend.Purchase.Item;
import dev.rookery.spend.Purchase.Key;
import dev.rookery.spend.Purchase.Payer;
import dev.rookery.spend.Reservation.HardLimit;
import dev.rookery.spend.Reservation.Reserved;
import dev.rookery.spend.Reservation.SoftLimit;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@BothEngines
final class SpendIT {
  private final TestDatabase db;
  private final Shop shop;
  private final RunId run = RunId.next();

  SpendIT(TestDatabase db) {
    this.db = db;
    this.shop = new Shop(db);
  }

  private Standing orgBudget(Limits limits) {
    return shop.budget(new Scope.Organization(), Window.DAY, limits);
  }

  @Test
  void what_is_not_used_of_a_reservation_is_free_again() {
    Standing budget = orgBudget(hard("1.00"));

    assertThat(shop.reserve(shop.cents(run, 1, 60))).isEqualTo(new Reserved(usd("0.60"), false));
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.60"));
    assertThat(shop.reserve(shop.cents(run, 2, 60))).isInstanceOf(HardLimit.class);

    assertThat(shop.settleCents(Key.of(run, 1, 1), 25)).isEqualTo(usd("0.25"));
    assertThat(shop.now(budget).spent()).isEqualTo(usd("0.25"));
    assertThat(shop.now(budget).reserved()).isEqualTo(Money.ZERO);
    assertThat(shop.now(budget).left()).isEqualTo(usd("0.75"));
    assertThat(shop.reserve(shop.cents(run, 2, 60))).isInstanceOf(Reserved.class);
  }

  @Test
  void reserving_settling_and_releasing_again_changes_nothing() {
    Standing budget = orgBudget(hard("1.00"));
    Purchase purchase = shop.cents(run, 1, 40);

    assertThat(shop.reserve(purchase)).isEqualTo(shop.reserve(purchase));
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.40"));

    shop.settleCents(purchase.key(), 30);
    shop.settleCents(purchase.key(), 40);
    shop.release(purchase.key());
    assertThat(shop.releaseAll(run)).isEqualTo(Money.ZERO);

    assertThat(shop.now(budget).spent()).isEqualTo(usd("0.30"));
    assertThat(shop.now(budget).reserved()).isEqualTo(Money.ZERO);
    assertThatThrownBy(() -> shop.reserve(purchase)).hasMessageContaining("key of its own");
    assertThat(shop.settleCents(Key.of(run, 9, 1), 5)).isEqualTo(Money.ZERO);
  }

  @Test
  void a_released_call_costs_nothing_and_may_be_reserved_again() {
    Standing budget = orgBudget(hard("1.00"));
    Purchase purchase = shop.cents(run, 1, 40);
    shop.reserve(purchase);

    shop.release(purchase.key());
    shop.release(purchase.key());

    assertThat(shop.now(budget).committed()).isEqualTo(Money.ZERO);
    assertThat(shop.reserve(purchase)).isInstanceOf(Reserved.class);
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.40"));
  }

  @Test
  void all_budgets_must_have_it_or_none_is_touched() {
    Standing wide = orgBudget(hard("5.00"));
    Standing narrow = shop.budget(new Scope.OfAgent(shop.agent), Window.HOUR, hard("0.10"));
    Standing contact = shop.budget(new Scope.OfContact("telegram:1"), Window.TOTAL, hard("0.50"));

    Reservation refused = shop.reserve(shop.cents(Key.of(run, 1, 1), run, "telegram:1", 20));

    assertThat(refused).isInstanceOf(HardLimit.class);
    assertThat(((HardLimit) refused).standing().budget()).isEqualTo(narrow.budget());
    assertThat(((HardLimit) refused).neverFits()).isTrue();
    assertThat(shop.now(wide).reserved()).isEqualTo(Money.ZERO);
    assertThat(shop.now(contact).reserved()).isEqualTo(Money.ZERO);
    shop.spend.budgets().change(shop.org, narrow.budget().id(), hard("1.00"));
    shop.reserve(shop.cents(Key.of(run, 1, 1), run, "telegram:1", 20));
    assertThat(shop.now(wide).reserved()).isEqualTo(usd("0.20"));
    assertThat(shop.now(narrow).reserved()).isEqualTo(usd("0.20"));
    assertThat(shop.now(contact).reserved()).isEqualTo(usd("0.20"));
    assertThat(shop.reserve(shop.cents(Key.of(run, 2, 1), run, "telegram:2", 50)))
        .isInstanceOf(Reserved.class);
  }

  @Test
  void a_hard_limit_says_when_to_come_back_and_is_told_once() {
    Standing budget = orgBudget(hard("0.10"));

    Reservation first = shop.reserve(shop.cents(run, 1, 11));
    shop.reserve(shop.cents(run, 2, 11));

    HardLimit limit = (HardLimit) first;
    assertThat(limit.resetsAt()).isEqualTo(Window.DAY.end(Window.DAY.start(db.clock().millis())));
    assertThat(limit.sentence())
        .contains("$0.10")
        .contains("$0.11")
        .contains("rookery budgets set");
    assertThat(shop.journal(budget.budget().id().value()))
        .extracting(r -> r.entry().kind())
        .containsExactly("budget.created", "budget.exhausted");
  }

  @Test
  void a_soft_limit_asks_once_per_window_and_run_tree() {
    RunId child = RunId.next();
    Standing budget = orgBudget(soft("0.10"));
    assertThat(shop.reserve(shop.cents(run, 1, 20))).isInstanceOf(SoftLimit.class);
    assertThat(shop.now(budget).reserved()).isEqualTo(Money.ZERO);

    shop.database.write(
        shop.org,
        tx -> {
          shop.spend.consent(tx, shop.org, budget.budget().id(), run);
          shop.spend.consent(tx, shop.org, budget.budget().id(), run);
          return true;
        });

    assertThat(shop.reserve(shop.cents(run, 1, 20))).isInstanceOf(Reserved.class);
    assertThat(shop.reserve(shop.cents(Key.of(child, 1, 1), run, null, 20)))
        .isInstanceOf(Reserved.class);
    assertThat(shop.reserve(shop.cents(RunId.next(), 1, 20))).isInstanceOf(SoftLimit.class);
    Instant tomorrow = budget.resetsAt();
    db.clock().set(tomorrow);
    assertThat(shop.reserve(shop.cents(run, 3, 20))).isInstanceOf(SoftLimit.class);
    assertThat(shop.journal(budget.budget().id().value()))
        .extracting(r -> r.entry().kind())
        .containsExactly("budget.created", "budget.consented");
  }

  @Test
  void a_run_that_ended_keeps_no_reservation_and_pays_for_calls_of_unknown_end() {
    Standing budget = orgBudget(hard("1.00"));
    shop.reserve(shop.cents(run, 1, 10));
    shop.reserve(shop.cents(run, 2, 20));
    shop.settleCents(Key.of(run, 1, 1), 5);

    assertThat(shop.releaseAll(run)).isEqualTo(usd("0.20"));

    assertThat(shop.now(budget).spent()).isEqualTo(usd("0.25"));
    assertThat(shop.now(budget).reserved()).isEqualTo(Money.ZERO);
    assertThat(shop.spend.ofRun(shop.org, run))
        .extracting(e -> e.cost().estimated())
        .containsExactly(false, true);
  }

  @Test
  void a_run_tree_is_limited_as_one() {
    shop.budget(new Scope.EachRunTree(), Window.TOTAL, hard("0.30"));
    RunId child = RunId.next();
    shop.reserve(shop.cents(run, 1, 20));

    assertThat(shop.reserve(shop.cents(Key.of(child, 1, 1), run, null, 20)))
        .isInstanceOf(HardLimit.class);
    assertThat(shop.reserve(shop.cents(RunId.next(), 1, 20))).isInstanceOf(Reserved.class);
    shop.settleCents(Key.of(run, 1, 1), 10);
    assertThat(shop.reserve(shop.cents(Key.of(child, 1, 1), run, null, 20)))
        .isInstanceOf(Reserved.class);
    shop.settleCents(Key.of(child, 1, 1), 20);
    assertThat(shop.spend.ofRunTree(shop.org, run).spent()).isEqualTo(usd("0.30"));
    assertThat(shop.spent(Summary.Filter.ofRun(child))).isEqualTo(usd("0.20"));
  }

  @Test
  void tokens_are_booked_at_the_price_of_the_reservation() {
    PriceTag dear =
        new PriceTag(
            "anthropic/claude-sonnet-4",
            new Price.PerToken(usd("3"), usd("15"), usd("0.3"), usd("3.75")));
    Purchase purchase =
        new Purchase(
            Key.of(run, 1, 1),
            new Payer(shop.agent, null, null, run),
            new Item.ModelCall("anthropic/claude-sonnet-4-5-20250929", 1_000, 1_000, false));
    assertThat(shop.reserve(purchase)).isEqualTo(new Reserved(usd("0.01875"), false));
    shop.spend
        .prices()
        .set(shop.org, new PriceTag(dear.name(), new Price.PerToken(usd("99"), usd("99"))));

    assertThat(shop.settle(purchase.key(), new Actual.Used(new Usage(500, 100, 1_000, 0))))
        .isEqualTo(usd("0.0033"));

    SpendEntry entry = shop.spend.ofRun(shop.org, run).getFirst();
    assertThat(entry.cost().usage()).isEqualTo(new Usage(500, 100, 1_000, 0));
    assertThat(entry.state()).isEqualTo(SpendEntry.State.SETTLED);
  }

  @Test
  void more_than_was_reserved_is_booked_and_told() {
    Standing budget = orgBudget(hard("1.00"));
    shop.reserve(shop.cents(run, 1, 10));

    shop.settleCents(Key.of(run, 1, 1), 130);

    assertThat(shop.now(budget).spent()).isEqualTo(usd("1.30"));
    assertThat(shop.now(budget).left()).isEqualTo(Money.ZERO);
    assertThat(shop.journal(run.value()).getFirst().entry().kind()).isEqualTo("spend.overrun");
    assertThat(shop.reserve(shop.cents(run, 2, 1))).isInstanceOf(HardLimit.class);
  }

  @Test
  void a_call_that_was_cut_off_pays_for_what_had_come() {
    shop.reserve(shop.cents(run, 1, 40));
    assertThat(shop.settle(Key.of(run, 1, 1), new Actual.CutOff(7))).isEqualTo(usd("0.07"));

    shop.reserve(shop.cents(run, 2, 40));
    assertThat(shop.settle(Key.of(run, 2, 1), new Actual.Used(Usage.NONE))).isEqualTo(usd("0.40"));
  }

  @Test
  void unknown_models_are_dear_and_marked_and_free_ones_pass_an_empty_budget() {
    orgBudget(hard("0.01"));
    Payer payer = new Payer(shop.agent, null, null, run);
    var unknown = new Item.ModelCall("openai/gpt-99", 1_000_000, 0, false);
    var local = new Item.ModelCall("ollama/llama3", 1_000_000, 4_096, true);

    assertThat(shop.reserve(new Purchase(Key.of(run, 1, 1), payer, unknown)))
        .isInstanceOf(HardLimit.class);
    assertThat(shop.reserve(new Purchase(Key.helper(run, 2, "summary"), payer, local)))
        .isEqualTo(new Reserved(Money.ZERO, false));
    shop.settle(Key.helper(run, 2, "summary"), new Actual.Used(new Usage(10, 5, 0, 0)));

    SpendEntry helper = shop.spend.ofRun(shop.org, run).getFirst();
    assertThat(helper.kind()).isEqualTo(Purchase.Kind.HELPER);
    assertThat(helper.cost().usage().output()).isEqualTo(5);
    assertThat(shop.spend.prices().list(shop.org))
        .anySatisfy(l -> assertThat(l.source()).isEqualTo(Prices.Source.DEFAULT));
  }

  @Test
  void tools_have_a_price_when_somebody_set_one() {
    orgBudget(hard("0.03"));
    Payer payer = new Payer(shop.agent, null, null, run);
    Purchase free = new Purchase(Key.of(run, 1, 1), payer, new Item.ToolCall("clock"));
    Purchase dear = new Purchase(Key.of(run, 2, 1), payer, new Item.ToolCall("search"));
    shop.spend.prices().set(shop.org, new PriceTag("search", new Price.PerCall(usd("0.02"))));

    assertThat(shop.reserve(free)).isEqualTo(new Reserved(Money.ZERO, false));
    assertThat(shop.reserve(dear)).isEqualTo(new Reserved(usd("0.02"), false));
    shop.settle(dear.key(), new Actual.AsReserved());
    assertThat(shop.reserve(new Purchase(Key.of(run, 3, 1), payer, dear.item())))
        .isInstanceOf(HardLimit.class);
    assertThat(shop.spend.ofRun(shop.org, run))
        .singleElement()
        .satisfies(e -> assertThat(e.cost().estimated()).isFalse());
  }

  @Test
  void another_organization_sees_and_pays_nothing() {
    Standing budget = orgBudget(hard("0.10"));
    shop.reserve(shop.cents(run, 1, 10));
    Shop other = new Shop(db);

    assertThat(other.spend.ofRun(other.org, run)).isEmpty();
    assertThat(other.spend.budgets().list(other.org)).isEmpty();
    refused("budget-not-found", () -> other.now(budget));
    assertThat(other.settleCents(Key.of(run, 1, 1), 1)).isEqualTo(Money.ZERO);
    assertThat(other.reserve(other.cents(run, 1, 500))).isInstanceOf(Reserved.class);
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.10"));
    assertThat(other.spent(Summary.Filter.ALL)).isEqualTo(Money.ZERO);
    assertThat(other.spend.summary(other.org, Summary.Filter.ALL, Summary.By.RUN).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.reserved()).isEqualTo(usd("5.00")));
  }

  @Test
  void sums_are_made_by_what_is_asked_for() {
    AgentId agent = shop.agent;
    shop.reserve(shop.cents(Key.of(run, 1, 1), run, "telegram:1", 10));
    shop.settle(Key.of(run, 1, 1), new Actual.Used(new Usage(3, 4, 0, 0)));
    shop.reserve(shop.cents(Key.of(run, 2, 1), run, "telegram:2", 10));
    shop.release(Key.of(run, 2, 1));
    db.clock().advance(Duration.ofDays(1));
    shop.reserve(shop.cents(Key.of(run, 3, 1), run, "telegram:2", 9));

    Summary days = shop.spend.summary(shop.org, Summary.Filter.ALL, Summary.By.DAY);

    assertThat(days.rows()).hasSize(2).isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()));
    assertThat(days.rows().getFirst().usage()).isEqualTo(new Usage(3, 4, 0, 0));
    assertThat(days.total().spent()).isEqualTo(usd("0.04"));
    assertThat(days.total().reserved()).isEqualTo(usd("0.09"));
    assertThat(days.total().calls()).isEqualTo(2);
    for (Summary.By by : Summary.By.values()) {
      assertThat(shop.spend.summary(shop.org, Summary.Filter.ALL, by).rows()).isNotEmpty();
    }
    Summary.Filter first =
        new Summary.Filter(
            agent,
            "telegram:1",
            run,
            run,
            "scripted",
            new Summary.Span(0, db.clock().millis() - 1));
    assertThat(shop.spent(first)).isEqualTo(usd("0.04"));
    assertThat(shop.spend.summary(shop.org, first, Summary.By.CONTACT).rows())
        .extracting(Summary.Row::key)
        .containsExactly("telegram:1");
  }
}
