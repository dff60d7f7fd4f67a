package dev.rookery.spend;

import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Rows of {@code budget_window}: what is spent and reserved. They are always locked in the order of
 * their keys, so that transactions that need several of them never wait for each other in a circle;
 * and what decides is read by the statement that locks, so that it is the newest.
 */
final class WindowStore {
  private static final String ORDER = " ORDER BY budget_id, subject, starts_at";

  /** Databases limit the length of a condition. */
  private static final int AT_ONCE = 200;

  private WindowStore() {}

  /**
   * A budget that a purchase is on.
   *
   * @param exists whether its window has a row
   */
  record Due(Budget budget, Standing.Key key, boolean exists) {}

  /** What is in a window. */
  record Amounts(Money spent, Money reserved) {
    static final Amounts NONE = new Amounts(Money.ZERO, Money.ZERO);
  }

  /** The budgets of a purchase with their windows of now, in the order of keys. */
  static List<Due> due(Tx tx, OrgId org, Purchase.Payer payer) {
    String root = payer.root() == null ? "" : payer.root().value();
    return tx.handle()
        .createQuery(
            """
            SELECT b.id, b.scope, b.subject, b.period, b.soft, b.hard, b.created_at, b.updated_at,
                   CASE WHEN w.budget_id IS NULL THEN 0 ELSE 1 END AS present
            FROM budget b
            LEFT JOIN budget_window w ON w.org_id = b.org_id AND w.budget_id = b.id
              AND w.subject = CASE WHEN b.scope = 'each_run_tree' THEN :root ELSE '' END
              AND w.starts_at = CASE b.period WHEN 'hour' THEN :hour WHEN 'day' THEN :day
                                              WHEN 'month' THEN :month ELSE 0 END
            WHERE b.org_id = :org AND (b.scope = 'org'
              OR (b.scope = 'agent' AND b.subject = :agent)
              OR (b.scope = 'contact' AND b.subject = :contact)
              OR (b.scope = 'program' AND b.subject = :program)
              OR (b.scope = 'run_tree' AND :trees LIKE '%|' || b.subject || '|%')
              OR (b.scope = 'each_run_tree' AND :root <> ''))
            ORDER BY b.id
            """)
        .bind("org", org.value())
        .bind("root", root)
        .bind("trees", trees(payer))
        .bind("hour", Window.HOUR.start(tx.now()))
        .bind("day", Window.DAY.start(tx.now()))
        .bind("month", Window.MONTH.start(tx.now()))
        .bind("agent", payer.agent().value())
        .bind("contact", Objects.requireNonNullElse(payer.contact(), ""))
        .bind("program", Objects.requireNonNullElse(payer.program(), ""))
        .map(
            (row, context) -> {
              Budget budget = BudgetStore.ROW.map(row, context);
              return new Due(
                  budget, Standing.Key.of(budget, root, tx.now()), row.getInt("present") == 1);
            })
        .list();
  }

  private static String trees(Purchase.Payer payer) {
    return payer.trees().stream().map(RunId::value).collect(Collectors.joining("|", "|", "|"));
  }

  /**
   * Begins a window, unless somebody did. What was spent in it before there was the budget counts;
   * so does what calls have reserved that began before, as they are not on this budget.
   */
  static int begin(Tx tx, OrgId org, Budget budget, Standing.Key key) {
    String whose =
        switch (budget.scope()) {
          case Scope.Organization _ -> "";
          case Scope.OfAgent _ -> " AND agent_id = :whose";
          case Scope.OfContact _ -> " AND contact = :whose";
          case Scope.OfProgram _ -> " AND program = :whose";
          case Scope.OfRunTree _, Scope.EachRunTree _ -> " AND root_run_id = :whose";
        };
    var update =
        tx.handle()
            .createUpdate(
                """
                INSERT INTO budget_window (org_id, budget_id, subject, starts_at, spent, reserved)
                SELECT :org, :budget, :subject, :start, CAST(COALESCE(SUM(
                         CASE WHEN state = 'settled' THEN actual
                              WHEN state = 'reserved' THEN reserved ELSE 0 END), 0) AS BIGINT), 0
                FROM spend_entry WHERE org_id = :org AND at >= :start
                """
                    + whose
                    + " ON CONFLICT (org_id, budget_id, subject, starts_at) DO NOTHING")
            .bind("org", org.value())
            .bind("budget", key.budget().value())
            .bind("subject", key.subject())
            .bind("start", key.startsAt());
    if (!whose.isEmpty()) {
      update.bind("whose", key.subject().isEmpty() ? budget.scope().subject() : key.subject());
    }
    return update.execute();
  }

  /** The windows among these that exist, by key, and nobody else changes before the commit. */
  static Map<Standing.Key, Amounts> lock(Tx tx, OrgId org, List<Standing.Key> keys) {
    return select(tx, org, keys, ORDER + tx.dialect().lockRows());
  }

  /** As {@link #lock}, for reading only; of as many as there are. */
  static Map<Standing.Key, Amounts> read(Tx tx, OrgId org, List<Standing.Key> keys) {
    Map<Standing.Key, Amounts> found = new HashMap<>();
    for (int from = 0; from < keys.size(); from += AT_ONCE) {
      List<Standing.Key> some = keys.subList(from, Math.min(from + AT_ONCE, keys.size()));
      found.putAll(select(tx, org, some, ORDER));
    }
    return found;
  }

  private static Map<Standing.Key, Amounts> select(
      Tx tx, OrgId org, List<Standing.Key> keys, String end) {
    Map<Standing.Key, Amounts> found = new HashMap<>();
    if (keys.isEmpty()) {
      return found;
    }
    bind(
            tx.handle()
                .createQuery(
                    """
                    SELECT budget_id, subject, starts_at, spent, reserved FROM budget_window
                    WHERE org_id = :org AND
                    """
                        + among(keys.size())
                        + end),
            org,
            keys)
        .map(
            (row, _) ->
                Map.entry(
                    new Standing.Key(
                        new BudgetId(row.getString("budget_id")),
                        row.getString("subject"),
                        row.getLong("starts_at")),
                    new Amounts(
                        new Money(row.getLong("spent")), new Money(row.getLong("reserved")))))
        .forEach(e -> found.put(e.getKey(), e.getValue()));
    return found;
  }

  /** Moves money in all of these windows, which are locked. Those of removed budgets are gone. */
  static int move(Tx tx, OrgId org, List<Standing.Key> keys, Move move) {
    return keys.isEmpty()
        ? 0
        : bind(
                tx.handle()
                    .createUpdate(
                        """
                        UPDATE budget_window
                        SET reserved = reserved + :reserved, spent = spent + :spent
                        WHERE org_id = :org AND
                        """
                            + among(keys.size())),
                org,
                keys)
            .bind("reserved", move.reserved())
            .bind("spent", move.spent())
            .execute();
  }

  /** Differences in millionths of a dollar. */
  record Move(long reserved, long spent) {}

  /** True the first time since the budget was changed. */
  static boolean noteExhausted(Tx tx, OrgId org, Standing.Key key) {
    return bind(
                tx.handle()
                    .createUpdate(
                        """
                        UPDATE budget_window SET exhausted_at = :now
                        WHERE exhausted_at IS NULL AND org_id = :org AND
                        """
                            + among(1)),
                org,
                List.of(key))
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  /** The limits changed: who meets them next is news again. */
  static int forgetExhausted(Tx tx, OrgId org, BudgetId budget) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE budget_window SET exhausted_at = NULL
            WHERE org_id = :org AND budget_id = :budget AND exhausted_at IS NOT NULL
            """)
        .bind("org", org.value())
        .bind("budget", budget.value())
        .execute();
  }

  static int remove(Tx tx, OrgId org, BudgetId budget) {
    return tx.handle()
        .createUpdate("DELETE FROM budget_window WHERE org_id = :org AND budget_id = :budget")
        .bind("org", org.value())
        .bind("budget", budget.value())
        .execute();
  }

  private static String among(int keys) {
    return IntStream.range(0, keys)
        .mapToObj(
            i -> "(budget_id = :b%1$d AND subject = :s%1$d AND starts_at = :t%1$d)".formatted(i))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private static <S extends SqlStatement<S>> S bind(
      S statement, OrgId org, List<Standing.Key> keys) {
    statement.bind("org", org.value());
    for (int i = 0; i < keys.size(); i++) {
      statement
          .bind("b" + i, keys.get(i).budget().value())
          .bind("s" + i, keys.get(i).subject())
          .bind("t" + i, keys.get(i).startsAt());
    }
    return statement;
  }
}
