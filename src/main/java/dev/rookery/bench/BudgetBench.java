package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.spend.Limits;
import dev.rookery.spend.Money;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Price;
import dev.rookery.spend.PriceTag;
import dev.rookery.spend.Purchase;
import dev.rookery.spend.Reservation;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Spend;
import dev.rookery.spend.Standing;
import dev.rookery.spend.Window;
import dev.rookery.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench budget}. */
@Command(
    name = "budget",
    description = {
      "Fifty runs at once on a budget of one dollar: each reserves and settles, in transactions of"
          + " their own, until it is refused.",
      "Counts reservations per second, and what was spent."
    },
    footer = "  rookery bench budget --database-url jdbc:postgresql://127.0.0.1/bench")
final class BudgetBench implements Callable<Integer> {
  private static final Aim ONE_DOLLAR = new Aim.AtMost(1);
  private static final Money LIMIT = Money.parse("1.00");
  private static final int BUYERS = 50;
  private static final String MODEL = "bench/model";
  private static final String UNIT = "reservations/s";

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  BudgetBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    measure("SQLite", null, report, progress);
    String url = options.databaseUrl();
    if (url == null) {
      String note = "needs --database-url of an empty database";
      report.add(Figure.notRun("reservations on PostgreSQL", UNIT, null, note));
      report.add(Figure.notRun("spent of $1.00 on PostgreSQL", "USD", ONE_DOLLAR, note));
    } else {
      measure("PostgreSQL", url, report, progress);
    }
  }

  private void measure(String engine, @Nullable String url, Report report, Progress progress)
      throws InterruptedException {
    List<Double> perSecond = new ArrayList<>();
    List<Double> spent = new ArrayList<>();
    try (BenchNode node = BenchNode.start(options.directory("budget"), url)) {
      Market market = new Market(node, options.size(500, 20_000));
      progress.say(engine + ": warming up");
      market.round();
      for (int i = 1; i <= options.rounds(); i++) {
        Round round = market.round();
        perSecond.add(round.perSecond());
        spent.add(round.spent().dollars().doubleValue());
        progress.say(
            "%s: round %d, %.0f per second, %s spent"
                .formatted(engine, i, round.perSecond(), round.spent()));
      }
    }
    report.add(Figure.of("reservations on " + engine, perSecond, UNIT, null));
    report.add(Figure.of("spent of $1.00 on " + engine, spent, "USD", ONE_DOLLAR));
  }

  private record Round(double perSecond, Money spent) {}

  /** Where calls are bought: an output token costs a millionth of a dollar. */
  private static final class Market {
    private final OrgId org;
    private final AgentId agent;
    private final Database database;
    private final Spend spend;
    private final int most;

    Market(BenchNode node, int most) {
      this.org = node.org();
      this.agent = node.house().agents.list(org, null, 1).getFirst().id();
      this.database = node.house().database();
      this.spend = node.house().spend;
      this.most = most;
      Price price = new Price.PerToken(Money.ZERO, Money.parse("1.00"));
      spend.prices().set(org, new PriceTag(MODEL, price));
    }

    Round round() throws InterruptedException {
      String contact = "bench:" + RunId.next();
      Standing budget =
          spend
              .budgets()
              .create(
                  org,
                  new NewBudget(
                      new Scope.OfContact(contact), Window.TOTAL, new Limits(null, LIMIT)));
      AtomicLong bought = new AtomicLong();
      long start = System.nanoTime();
      Callers.each(BUYERS, BUYERS, _ -> bought.addAndGet(buyUntilRefused(contact)));
      double seconds = (System.nanoTime() - start) / 1e9;
      Standing after = spend.budgets().find(org, budget.budget().id());
      Mismatch.unlessEqual("millionths still reserved", 0, after.reserved().micros());
      if (after.spent().exceeds(LIMIT)) {
        throw new Mismatch("A budget of " + LIMIT + " was exceeded: " + after.spent() + " spent.");
      }
      return new Round(bought.get() / seconds, after.spent());
    }

    private int buyUntilRefused(String contact) {
      RunId run = RunId.next();
      for (int step = 1; ; step++) {
        Purchase purchase =
            new Purchase(
                Purchase.Key.of(run, step, 1),
                new Purchase.Payer(agent, contact, null, run),
                new Purchase.Item.ModelCall(MODEL, 0, most, false));
        Reservation answer = database.write(org, tx -> spend.reserve(tx, org, purchase));
        if (!(answer instanceof Reservation.Reserved)) {
          return step - 1;
        }
        Usage usage = new Usage(0, most - step % 7, 0, 0);
        database.write(org, tx -> spend.settle(tx, org, purchase.key(), usage));
      }
    }
  }
}
