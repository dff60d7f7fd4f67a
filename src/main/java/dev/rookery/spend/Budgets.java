package dev.rookery.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The spending limits of an organization. A change holds for calls that are reserved after its
 * commit; what is under way goes on.
 */
public final class Budgets {
  private final Database database;
  private final Journal journal;

  private final List<BiConsumer<Tx, OrgId>> listeners = new CopyOnWriteArrayList<>();

  Budgets(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /**
   * A new budget. What was spent in its present window before counts.
   *
   * @throws Refusal {@code budget-exists} for the same scope and window; {@code agent-not-found}
   */
  public Standing create(OrgId org, NewBudget wish) {
    BudgetId id = BudgetId.next();
    return database.write(
        org,
        tx -> {
          if (wish.scope() instanceof Scope.OfAgent(var agent)) {
            Agents.requireExists(tx, org, agent);
          }
          Budget budget =
              new Budget(id, wish.scope(), wish.window(), wish.limits(), tx.now(), tx.now());
          if (BudgetStore.insert(tx, org, budget) == 0) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "budget-exists",
                "There is "
                    + budget.words()
                    + " already. Change it with: rookery budgets set <id>");
          }
          if (!(budget.scope() instanceof Scope.EachRunTree)) {
            WindowStore.begin(tx, org, budget, Standing.Key.of(budget, "", tx.now()));
          }
          append(tx, org, "budget.created", budget);
          return standings(tx, org, List.of(budget)).getFirst();
        });
  }

  /** All, oldest first, as they stand in their windows of now. */
  public List<Standing> list(OrgId org) {
    return database.read(org, tx -> standings(tx, org, BudgetStore.all(tx, org)));
  }

  /**
   * @throws Refusal {@code budget-not-found}
   */
  public Standing find(OrgId org, BudgetId id) {
    return database.read(org, tx -> standings(tx, org, List.of(require(tx, org, id))).getFirst());
  }

  /**
   * Sets both limits anew; what is spent stays.
   *
   * @throws Refusal {@code budget-not-found}
   */
  public Standing change(OrgId org, BudgetId id, Limits limits) {
    return database.write(
        org,
        tx -> {
          BudgetStore.change(tx, org, id, limits);
          Budget budget = require(tx, org, id);
          WindowStore.forgetExhausted(tx, org, id);
          append(tx, org, "budget.changed", budget);
          return standings(tx, org, List.of(budget)).getFirst();
        });
  }

  /**
   * Removes a budget. What calls under way cost is still booked, but on it no more.
   *
   * @throws Refusal {@code budget-not-found}
   */
  public void remove(OrgId org, BudgetId id) {
    database.write(
        org,
        tx -> {
          Budget budget = require(tx, org, id);
          BudgetStore.remove(tx, org, id);
          WindowStore.remove(tx, org, id);
          append(tx, org, "budget.removed", budget);
          return true;
        });
  }

  /**
   * What a run gives another that it starts, for all that this one and its descendants do. The
   * money is the giver's; this is a limit, not a transfer.
   */
  public BudgetId share(Tx tx, OrgId org, RunId run, Money most) {
    Budget budget =
        new Budget(
            BudgetId.next(),
            new Scope.OfRunTree(run),
            Window.TOTAL,
            new Limits(null, most),
            tx.now(),
            tx.now());
    BudgetStore.insert(tx, org, budget);
    WindowStore.begin(tx, org, budget, Standing.Key.of(budget, "", tx.now()));
    note(tx, org, "budget.created", budget);
    return budget.id();
  }

  /** Takes a {@link #share} away when nobody is left who could spend of it. */
  public void unshare(Tx tx, OrgId org, BudgetId id) {
    BudgetStore.find(tx, org, id)
        .ifPresent(
            budget -> {
              BudgetStore.remove(tx, org, id);
              WindowStore.remove(tx, org, id);
              note(tx, org, "budget.removed", budget);
            });
  }

  private static Budget require(Tx tx, OrgId org, BudgetId id) {
    return BudgetStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("budget", id.value()));
  }

  private static List<Standing> standings(Tx tx, OrgId org, List<Budget> budgets) {
    List<Standing.Key> keys = budgets.stream().map(b -> Standing.Key.of(b, "", tx.now())).toList();
    Map<Standing.Key, WindowStore.Amounts> found = WindowStore.read(tx, org, keys);
    return budgets.stream()
        .map(
            budget -> {
              Standing.Key key = Standing.Key.of(budget, "", tx.now());
              var amounts = found.getOrDefault(key, WindowStore.Amounts.NONE);
              return new Standing(budget, key, amounts.spent(), amounts.reserved());
            })
        .toList();
  }

  /** Called in each commit that changes what may be spent. */
  public void onChanged(BiConsumer<Tx, OrgId> listener) {
    listeners.add(listener);
  }

  private void append(Tx tx, OrgId org, String kind, Budget budget) {
    listeners.forEach(listener -> listener.accept(tx, org));
    note(tx, org, kind, budget);
  }

  private void note(Tx tx, OrgId org, String kind, Budget budget) {
    journal.append(tx, org, new JournalEntry(kind, budget.id().value(), null, data(budget)));
  }

  /** As the journal has it: amounts are texts, so that they stay exact. */
  static ObjectNode data(Budget budget) {
    return Json.object()
        .put("scope", budget.scope().label())
        .put("subject", budget.scope().subject())
        .put("window", budget.window().label())
        .put("soft", text(budget.limits().soft()))
        .put("hard", text(budget.limits().hard()));
  }

  static @Nullable String text(@Nullable Money money) {
    return money == null ? null : money.dollars().toPlainString();
  }
}
