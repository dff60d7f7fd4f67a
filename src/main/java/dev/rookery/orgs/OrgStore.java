package dev.rookery.orgs;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Dialect;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code org}. */
final class OrgStore {
  private static final RowMapper<Org> ROW =
      (row, _) ->
          new Org(
              new OrgId(row.getString("id")),
              row.getString("name"),
              row.getString("model"),
              row.getLong("created_at"));

  private OrgStore() {}

  @SystemScope("the row is the organization itself")
  static void insert(Tx tx, Org org) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO org (id, name, model, created_at) VALUES (:id, :name, :model, :createdAt)
            """)
        .bind("id", org.id().value())
        .bind("name", org.name())
        .bind("model", org.model())
        .bind("createdAt", org.createdAt())
        .execute();
  }

  @SystemScope("lists the tenants themselves")
  static List<Org> all(Tx tx) {
    return tx.handle()
        .createQuery("SELECT id, name, model, created_at FROM org ORDER BY id")
        .map(ROW)
        .list();
  }

  static Optional<Org> find(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT id, name, model, created_at FROM org WHERE id = :org")
        .bind("org", org.value())
        .map(ROW)
        .findOne();
  }

  static void setName(Tx tx, OrgId org, String name) {
    tx.handle()
        .createUpdate("UPDATE org SET name = :name WHERE id = :org")
        .bind("org", org.value())
        .bind("name", name)
        .execute();
  }

  static int setModel(Tx tx, OrgId org, @Nullable String model) {
    return tx.handle()
        .createUpdate("UPDATE org SET model = :model WHERE id = :org")
        .bind("org", org.value())
        .bind("model", model)
        .execute();
  }

  /** Until the end of the transaction nobody else makes the first organization. */
  @SystemScope("there is no organization yet")
  static void lockCreation(Tx tx) {
    if (tx.dialect() == Dialect.POSTGRESQL) {
      tx.handle().execute("LOCK TABLE org IN SHARE ROW EXCLUSIVE MODE");
    }
  }
}
