package dev.rookery.spend;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.Purchase.Item;
import dev.rookery.spend.Purchase.Key;
import dev.rookery.spend.Purchase.Payer;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An organization with an agent, where an output token of the scripted model costs a cent. */
final class Shop {
  final Database database;
  final Journal journal;
  final Spend spend;
  final OrgId org;
  final AgentId agent;

  Shop(TestDatabase db) {
    this(db, db.newOrg());
  }

  Shop(TestDatabase db, OrgId org) {
    this.database = db.database();
    this.journal = new Journal(database);
    this.spend = new Spend(database, journal, new Prices(database, journal, Path.of("none")));
    this.org = org;
    this.agent = database.write(org, tx -> Rows.agent(tx, org));
    spend.prices().set(org, new PriceTag("scripted", new Price.PerToken(Money.ZERO, usd("10000"))));
  }

  static Money usd(String text) {
    return Money.parse(text);
  }

  static Limits hard(String amount) {
    return new Limits(null, usd(amount));
  }

  static Limits soft(String amount) {
    return new Limits(usd(amount), null);
  }

  Standing budget(Scope scope, Window window, Limits limits) {
    return spend.budgets().create(org, new NewBudget(scope, window, limits));
  }

  Standing now(Standing of) {
    return spend.budgets().find(org, of.budget().id());
  }

  /** A call that may cost so many cents. */
  Purchase cents(RunId run, int step, int cents) {
    return cents(Key.of(run, step, 1), run, null, cents);
  }

  Purchase cents(Key key, RunId root, @Nullable String contact, int cents) {
    return new Purchase(
        key,
        new Payer(agent, contact, null, root),
        new Item.ModelCall("scripted", 1_000, cents, false));
  }

  Reservation reserve(Purchase purchase) {
    return database.write(org, tx -> spend.reserve(tx, org, purchase));
  }

  /** What is booked. */
  Money settle(Key key, Actual actual) {
    return database.write(org, tx -> spend.settle(tx, org, key, actual));
  }

  Money settleCents(Key key, int cents) {
    return settle(key, new Actual.Charged(new Money(10_000L * cents)));
  }

  void release(Key key) {
    database.write(
        org,
        tx -> {
          spend.release(tx, org, key);
          return true;
        });
  }

  Money releaseAll(RunId run) {
    return database.write(org, tx -> spend.releaseAll(tx, org, run));
  }

  Money spent(Summary.Filter filter) {
    return spend.summary(org, filter, Summary.By.AGENT).total().spent();
  }

  List<JournalRecord> journal(String subject) {
    return journal.about(org, subject, 100);
  }
}
