package dev.rookery.spend;

import static dev.rookery.spend.Shop.hard;
import static dev.rookery.spend.Shop.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.RunId;
import dev.rookery.spend.Purchase.Key;
import dev.rookery.spend.Reservation.HardLimit;
import dev.rookery.spend.Reservation.Reserved;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many at once never spend more than a budget has. */
@BothEngines
final class SpendRaceIT {
  private static final int BUYERS = 50;
  private final TestDatabase db;
  private final Shop shop;

  SpendRaceIT(TestDatabase db) {
    this.db = db;
    this.shop = new Shop(db);
  }

  private static <T> List<T> together(IntFunction<T> work) {
    CountDownLatch ready = new CountDownLatch(BUYERS);
    List<CompletableFuture<T>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < BUYERS; i++) {
        int number = i;
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  ready.countDown();
                  Together.await(ready);
                  return work.apply(number);
                },
                threads));
      }
      return answers.stream().map(a -> a.orTimeout(60, TimeUnit.SECONDS).join()).toList();
    }
  }

  @Test
  void fifty_runs_on_a_budget_of_one_dollar_spend_at_most_one_dollar() {
    Standing org = shop.budget(new Scope.Organization(), Window.TOTAL, hard("1.00"));
    Standing agent = shop.budget(new Scope.OfAgent(shop.agent), Window.DAY, hard("1.10"));
    shop.budget(new Scope.EachRunTree(), Window.TOTAL, hard("0.50"));

    List<Integer> bought = together(number -> buyUntilRefused(RunId.next(), new Random(number)));

    assertThat(bought.stream().mapToInt(Integer::intValue).sum()).isGreaterThan(10);
    assertThat(shop.now(org).spent()).isLessThanOrEqualTo(usd("1.00"));
    assertThat(shop.now(org).spent()).isGreaterThan(usd("0.85"));
    assertThat(shop.now(agent).spent()).isEqualTo(shop.now(org).spent());
    assertThat(shop.now(org).reserved()).isEqualTo(Money.ZERO);
    assertThat(shop.spent(Summary.Filter.ALL)).isEqualTo(shop.now(org).spent());
  }

  private int buyUntilRefused(RunId run, Random random) {
    for (int step = 1; step < 100; step++) {
      int cents = 1 + random.nextInt(9);
      if (!(shop.reserve(shop.cents(run, step, cents)) instanceof Reserved)) {
        return step - 1;
      }
      if (random.nextInt(8) == 0) {
        shop.release(Key.of(run, step, 1));
      } else {
        shop.settleCents(Key.of(run, step, 1), 1 + random.nextInt(cents));
      }
    }
    return 99;
  }

  @Test
  void of_fifty_that_ask_at_once_as_many_get_it_as_fit() {
    Standing budget = shop.budget(new Scope.OfContact("x"), Window.MONTH, hard("1.00"));

    List<Reservation> answers =
        together(
            _ -> {
              RunId run = RunId.next();
              return shop.reserve(shop.cents(Key.of(run, 1, 1), run, "x", 7));
            });

    assertThat(answers).filteredOn(Reserved.class::isInstance).hasSize(14);
    assertThat(answers).filteredOn(HardLimit.class::isInstance).hasSize(36);
    assertThat(shop.now(budget).reserved()).isEqualTo(usd("0.98"));
  }

  @Test
  void one_call_reserved_and_settled_by_many_at_once_counts_once() {
    Shop alone = new Shop(db);
    Standing budget = alone.budget(new Scope.Organization(), Window.DAY, hard("5.00"));
    RunId run = RunId.next();
    alone.reserve(alone.cents(run, 1, 50));

    List<Money> booked = together(number -> alone.settleCents(Key.of(run, 1, 1), 1 + number));

    assertThat(booked).containsOnly(alone.now(budget).spent());
    assertThat(alone.now(budget).reserved()).isEqualTo(Money.ZERO);
  }

  @Test
  void whatever_the_order_reservations_fit_and_end_at_nothing() {
    for (int seed = 0; seed < 15; seed++) {
      anyOrder(new Shop(db), new Random(seed));
    }
  }

  private void anyOrder(Shop mine, Random random) {
    Standing org = mine.budget(new Scope.Organization(), Window.HOUR, hard("0.50"));
    Standing agent = mine.budget(new Scope.OfAgent(mine.agent), Window.TOTAL, hard("0.80"));
    Deque<Purchase> open = new ArrayDeque<>();
    RunId run = RunId.next();
    for (int step = 1; step <= 60; step++) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          Purchase purchase = mine.cents(run, step, random.nextInt(30));
          if (mine.reserve(purchase) instanceof Reserved) {
            open.add(purchase);
          }
        }
        case 3 -> end(mine, open.poll(), random);
        case 4 -> end(mine, open.pollLast(), random);
        default -> db.clock().advance(Duration.ofMinutes(random.nextInt(40)));
      }
      for (Standing standing : List.of(mine.now(org), mine.now(agent))) {
        assertThat(standing.committed()).isLessThanOrEqualTo(standing.budget().limits().hard());
      }
    }
    mine.releaseAll(run);
    assertThat(mine.now(agent).reserved()).isEqualTo(Money.ZERO);
    assertThat(mine.now(agent).spent())
        .isEqualTo(mine.spent(Summary.Filter.ALL))
        .isLessThanOrEqualTo(usd("0.80"));
    assertThat(mine.now(org).reserved()).isEqualTo(Money.ZERO);
  }

  private static void end(Shop mine, @Nullable Purchase purchase, Random random) {
    if (purchase == null) {
      return;
    }
    int most = (int) ((Purchase.Item.ModelCall) purchase.item()).maxOutputTokens();
    switch (random.nextInt(3)) {
      case 0 -> mine.release(purchase.key());
      case 1 -> mine.settleCents(purchase.key(), random.nextInt(most + 1));
      default -> mine.settle(purchase.key(), new Actual.AsReserved());
    }
  }
}
