package dev.rookery.spend;

import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Columns;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code budget} and {@code budget_consent}. */
final class BudgetStore {
  private static final String SELECT =
      """
      SELECT id, scope, subject, period, soft, hard, created_at, updated_at FROM budget
      WHERE org_id = :org
      """;

  /** A row with the columns of a budget. */
  static final RowMapper<Budget> ROW =
      (row, _) ->
          new Budget(
              new BudgetId(row.getString("id")),
              Scope.of(row.getString("scope"), row.getString("subject")),
              Window.of(row.getString("period")),
              new Limits(
                  money(Columns.longOrNull(row, "soft")), money(Columns.longOrNull(row, "hard"))),
              row.getLong("created_at"),
              row.getLong("updated_at"));

  private BudgetStore() {}

  private static @Nullable Money money(@Nullable Long micros) {
    return micros == null ? null : new Money(micros);
  }

  private static @Nullable Long micros(@Nullable Money money) {
    return money == null ? null : money.micros();
  }

  /** Returns 0 when there is one of this scope, subject and window. */
  static int insert(Tx tx, OrgId org, Budget budget) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO budget (org_id, id, scope, subject, period, soft, hard, created_at, updated_at)
            VALUES (:org, :id, :scope, :subject, :period, :soft, :hard, :now, :now)
            ON CONFLICT (org_id, scope, subject, period) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", budget.id().value())
        .bind("scope", budget.scope().label())
        .bind("subject", budget.scope().subject())
        .bind("period", budget.window().label())
        .bind("soft", micros(budget.limits().soft()))
        .bind("hard", micros(budget.limits().hard()))
        .bind("now", tx.now())
        .execute();
  }

  static int change(Tx tx, OrgId org, BudgetId id, Limits limits) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE budget SET soft = :soft, hard = :hard, updated_at = :now
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("soft", micros(limits.soft()))
        .bind("hard", micros(limits.hard()))
        .bind("now", tx.now())
        .execute();
  }

  static int remove(Tx tx, OrgId org, BudgetId id) {
    return tx.handle()
        .createUpdate("DELETE FROM budget WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .execute();
  }

  static Optional<Budget> find(Tx tx, OrgId org, BudgetId id) {
    return tx.handle()
        .createQuery(SELECT + " AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  static List<Budget> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(SELECT + " ORDER BY id")
        .bind("org", org.value())
        .map(ROW)
        .list();
  }

  /** Somebody agreed that this run may go beyond the soft limit in this window. */
  static int consent(Tx tx, OrgId org, Standing.Key window, String root) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO budget_consent (org_id, budget_id, starts_at, root, at)
            VALUES (:org, :budget, :start, :root, :now)
            ON CONFLICT (org_id, budget_id, starts_at, root) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("budget", window.budget().value())
        .bind("start", window.startsAt())
        .bind("root", root)
        .bind("now", tx.now())
        .execute();
  }

  static boolean consented(Tx tx, OrgId org, Standing.Key window, String root) {
    return tx.handle()
            .createQuery(
                """
                SELECT COUNT(*) FROM budget_consent
                WHERE org_id = :org AND budget_id = :budget AND starts_at = :start AND root = :root
                """)
            .bind("org", org.value())
            .bind("budget", window.budget().value())
            .bind("start", window.startsAt())
            .bind("root", root)
            .mapTo(Long.class)
            .one()
        > 0;
  }
}
