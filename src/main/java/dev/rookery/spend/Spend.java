package dev.rookery.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The books (spec 02, spend). Before a call the most that it may cost is reserved on every budget
 * it is on, all or none; afterwards what it did cost is booked and the rest is free again. Both
 * happen in the transaction of the caller, so that journal and books never disagree. As all
 * reservations of a hard budget fit into it, what is spent does.
 */
public final class Spend {
  private static final Comparator<Standing.Key> ORDER =
      Comparator.comparing((Standing.Key key) -> key.budget().value())
          .thenComparing(Standing.Key::subject)
          .thenComparingLong(Standing.Key::startsAt);

  private final Database database;
  private final Journal journal;
  private final Prices prices;
  private final Budgets budgets;

  public Spend(Database database, Journal journal, Prices prices) {
    this.database = database;
    this.journal = journal;
    this.prices = prices;
    this.budgets = new Budgets(database, journal);
  }

  public Prices prices() {
    return prices;
  }

  public Budgets budgets() {
    return budgets;
  }

  /**
   * Reserves the most that a call may cost. Asked again with the same key it reserves nothing more.
   * When a limit is in the way nothing is reserved, the transaction stays usable, and its commit
   * keeps the note that the budget was exhausted.
   *
   * @throws IllegalStateException when the call of this key was made and settled: a new attempt has
   *     a key of its own
   */
  public Reservation reserve(Tx tx, OrgId org, Purchase purchase) {
    Purchase.Item item = purchase.item();
    Prices.Quote quote = prices.quote(tx, org, priced(item), item.name());
    Money most = most(quote.price(), item);
    if (most.isZero()) {
      return item instanceof Purchase.Item.ToolCall
          ? Reservation.Reserved.NOTHING
          : book(tx, org, purchase, quote, List.of());
    }
    List<WindowStore.Due> due = WindowStore.due(tx, org, purchase.payer());
    if (due.isEmpty()) {
      return book(tx, org, purchase, quote, List.of());
    }
    Optional<Reservation> before = before(tx, org, purchase.key());
    if (before.isPresent()) {
      return before.get();
    }
    List<Standing> standings = lock(tx, org, due);
    String root = root(purchase);
    return switch (BudgetRules.decide(
        standings, most, s -> BudgetStore.consented(tx, org, s.key(), root))) {
      case BudgetRules.Ruling.Hard(var standing) -> {
        noteExhausted(tx, org, standing, purchase, most);
        yield new Reservation.HardLimit(standing, most);
      }
      case BudgetRules.Ruling.Soft(var standing) -> new Reservation.SoftLimit(standing, most);
      case BudgetRules.Ruling.Fits() -> {
        List<Standing.Key> keys = standings.stream().map(Standing::key).toList();
        int moved = WindowStore.move(tx, org, keys, new WindowStore.Move(most.micros(), 0));
        if (moved != keys.size()) {
          throw new IllegalStateException(
              "reserved on " + moved + " of " + keys.size() + " budgets for " + purchase.key());
        }
        yield book(tx, org, purchase, quote, keys);
      }
    };
  }

  private static PriceTag.Kind priced(Purchase.Item item) {
    return switch (item) {
      case Purchase.Item.ModelCall _ -> PriceTag.Kind.MODEL;
      case Purchase.Item.ToolCall _ -> PriceTag.Kind.TOOL;
    };
  }

  private static Money most(Price price, Purchase.Item item) {
    return switch (price) {
      case Price.PerCall(var amount) -> amount;
      case Price.PerToken tokens ->
          item instanceof Purchase.Item.ModelCall call
              ? tokens.atMost(call.inputTokens(), call.maxOutputTokens())
              : Money.ZERO;
    };
  }

  /** Who is asked about soft limits once: the tree of the run. */
  private static String root(Purchase purchase) {
    RunId root = purchase.payer().root();
    return root == null ? purchase.key().subject() : root.value();
  }

  private static List<Standing> lock(Tx tx, OrgId org, List<WindowStore.Due> due) {
    due.stream()
        .filter(d -> !d.exists())
        .forEach(d -> WindowStore.begin(tx, org, d.budget(), d.key()));
    Map<Standing.Key, WindowStore.Amounts> locked =
        WindowStore.lock(tx, org, due.stream().map(WindowStore.Due::key).toList());
    return due.stream()
        .filter(d -> locked.containsKey(d.key()))
        .map(
            d -> {
              var amounts = locked.getOrDefault(d.key(), WindowStore.Amounts.NONE);
              return new Standing(d.budget(), d.key(), amounts.spent(), amounts.reserved());
            })
        .toList();
  }

  private static Optional<Reservation> before(Tx tx, OrgId org, Purchase.Key key) {
    return EntryStore.lock(tx, org, key)
        .map(EntryStore.Booked::entry)
        .flatMap(
            entry ->
                switch (entry.state()) {
                  case RELEASED -> Optional.empty();
                  case RESERVED ->
                      Optional.of(
                          new Reservation.Reserved(
                              entry.cost().reserved(), entry.cost().estimated()));
                  case SETTLED ->
                      throw new IllegalStateException(
                          "the call " + key + " was settled; a new attempt has a key of its own");
                });
  }

  private static Reservation book(
      Tx tx, OrgId org, Purchase purchase, Prices.Quote quote, List<Standing.Key> windows) {
    Money most = most(quote.price(), purchase.item());
    boolean estimated = quote.estimated();
    SpendEntry entry =
        new SpendEntry(
            purchase.key(),
            purchase.payer(),
            purchase.item().kind(),
            purchase.item().name(),
            SpendEntry.State.RESERVED,
            new SpendEntry.Cost(most, Money.ZERO, estimated, Usage.NONE),
            tx.now());
    long input = purchase.item() instanceof Purchase.Item.ModelCall call ? call.inputTokens() : 0;
    EntryStore.Booked booked = new EntryStore.Booked(entry, quote.price(), input, windows);
    if (EntryStore.put(tx, org, purchase, booked) == 0) {
      return before(tx, org, purchase.key())
          .orElseThrow(() -> new IllegalStateException("no entry for " + purchase.key()));
    }
    return new Reservation.Reserved(most, estimated);
  }

  private void noteExhausted(Tx tx, OrgId org, Standing standing, Purchase purchase, Money wanted) {
    if (WindowStore.noteExhausted(tx, org, standing.key())) {
      ObjectNode data =
          Budgets.data(standing.budget())
              .put("spent", Budgets.text(standing.spent()))
              .put("reserved", Budgets.text(standing.reserved()))
              .put("wanted", Budgets.text(wanted))
              .put("run", purchase.key().subject());
      journal.append(
          tx,
          org,
          new JournalEntry("budget.exhausted", standing.budget().id().value(), null, data));
    }
  }

  /**
   * Somebody agreed that a run and what it delegates may go beyond the soft limit of a budget, for
   * the window of now. The next reservation does not ask again.
   *
   * @throws Refusal {@code budget-not-found}
   */
  public void consent(Tx tx, OrgId org, BudgetId id, RunId root) {
    Budget budget =
        BudgetStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("budget", id.value()));
    if (BudgetStore.consent(tx, org, Standing.Key.of(budget, root.value(), tx.now()), root.value())
        == 1) {
      ObjectNode data = Budgets.data(budget).put("run", root.value());
      journal.append(tx, org, new JournalEntry("budget.consented", id.value(), null, data));
    }
  }

  /** As {@link #settle(Tx, OrgId, Purchase.Key, Actual)}, with what the provider counted. */
  public Money settle(Tx tx, OrgId org, Purchase.Key key, Usage usage) {
    return settle(tx, org, key, new Actual.Used(usage));
  }

  /**
   * Books what a call did cost, on the windows on which it was reserved, and frees the rest. What
   * goes beyond the reservation is booked too, and journaled as {@code spend.overrun}. Does nothing
   * when it was settled or released before, or when nothing was reserved.
   *
   * @return what is booked for it
   */
  public Money settle(Tx tx, OrgId org, Purchase.Key key, Actual actual) {
    return EntryStore.lock(tx, org, key)
        .map(booked -> end(tx, org, List.of(booked), actual))
        .orElse(Money.ZERO);
  }

  /** The call was never made: its reservation is free again. Does nothing when it is over. */
  public void release(Tx tx, OrgId org, Purchase.Key key) {
    EntryStore.lock(tx, org, key)
        .filter(booked -> booked.entry().state() == SpendEntry.State.RESERVED)
        .ifPresent(
            booked -> {
              WindowStore.lock(tx, org, booked.windows());
              SpendEntry entry = booked.entry();
              close(tx, org, booked, SpendEntry.State.RELEASED, entry.cost());
            });
  }

  /**
   * A run is over: none of its reservations stays open. As each of these calls may have been made
   * and billed, it is booked with all that was reserved; settle what is known better before.
   *
   * @return what is booked by this
   */
  public Money releaseAll(Tx tx, OrgId org, RunId run) {
    return end(tx, org, EntryStore.lockOpen(tx, org, run.value()), new Actual.AsReserved());
  }

  private Money end(Tx tx, OrgId org, List<EntryStore.Booked> all, Actual actual) {
    List<EntryStore.Booked> open =
        all.stream().filter(b -> b.entry().state() == SpendEntry.State.RESERVED).toList();
    WindowStore.lock(
        tx,
        org,
        open.stream().flatMap(b -> b.windows().stream()).distinct().sorted(ORDER).toList());
    List<SpendEntry.Cost> costs = new ArrayList<>();
    for (EntryStore.Booked booked : all) {
      SpendEntry.Cost cost = booked.entry().cost();
      if (open.contains(booked)) {
        cost = Costs.of(booked, actual);
        close(tx, org, booked, SpendEntry.State.SETTLED, cost);
        noteOverrun(tx, org, booked.entry(), cost);
      }
      costs.add(cost);
    }
    return costs.stream().map(SpendEntry.Cost::actual).reduce(Money.ZERO, Money::plus);
  }

  private static void close(
      Tx tx, OrgId org, EntryStore.Booked booked, SpendEntry.State state, SpendEntry.Cost cost) {
    SpendEntry was = booked.entry();
    SpendEntry ended =
        new SpendEntry(was.key(), was.payer(), was.kind(), was.name(), state, cost, was.at());
    if (EntryStore.end(tx, org, ended) != 1) {
      throw new IllegalStateException("the call " + was.key() + " is over; it cannot end again");
    }
    WindowStore.Move move =
        new WindowStore.Move(-was.cost().reserved().micros(), cost.actual().micros());
    WindowStore.move(tx, org, booked.windows(), move);
  }

  private void noteOverrun(Tx tx, OrgId org, SpendEntry entry, SpendEntry.Cost cost) {
    if (cost.actual().exceeds(cost.reserved())) {
      ObjectNode data =
          Json.object()
              .put("step", entry.key().step())
              .put("kind", entry.kind().label())
              .put("name", entry.name())
              .put("reserved", Budgets.text(cost.reserved()))
              .put("actual", Budgets.text(cost.actual()));
      journal.append(tx, org, new JournalEntry("spend.overrun", entry.key().subject(), null, data));
    }
  }

  /** What was spent, by what is asked for; at most a thousand rows, the total is of all. */
  public Summary summary(OrgId org, Summary.Filter filter, Summary.By by) {
    return database.read(
        org,
        tx ->
            new Summary(
                SummaryStore.rows(tx, org, filter, by), SummaryStore.total(tx, org, filter)));
  }

  /** What the calls of a run cost, in order. */
  public List<SpendEntry> ofRun(OrgId org, RunId run) {
    return database.read(org, tx -> EntryStore.of(tx, org, run.value()));
  }

  /** The sum of a run and all that it delegated. */
  public Summary.Row ofRunTree(OrgId org, RunId root) {
    return database.read(org, tx -> SummaryStore.total(tx, org, Summary.Filter.ofTree(root)));
  }
}
