package dev.rookery.spend;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;

/** Rows of {@code price}: what an organization says that calls cost it. */
final class PriceStore {
  private PriceStore() {}

  static int put(Tx tx, OrgId org, PriceTag tag) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO price (org_id, kind, name, amounts, updated_at)
            VALUES (:org, :kind, :name, :amounts, :now)
            ON CONFLICT (org_id, kind, name)
            DO UPDATE SET amounts = excluded.amounts, updated_at = excluded.updated_at
            """)
        .bind("org", org.value())
        .bind("kind", tag.kind().label())
        .bind("name", tag.name())
        .bind("amounts", PriceCodec.write(tag.price()))
        .bind("now", tx.now())
        .execute();
  }

  static int remove(Tx tx, OrgId org, PriceTag.Kind kind, String name) {
    return tx.handle()
        .createUpdate("DELETE FROM price WHERE org_id = :org AND kind = :kind AND name = :name")
        .bind("org", org.value())
        .bind("kind", kind.label())
        .bind("name", name)
        .execute();
  }

  static List<PriceTag> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT name, amounts FROM price WHERE org_id = :org ORDER BY kind, name")
        .bind("org", org.value())
        .map(
            (row, _) ->
                new PriceTag(row.getString("name"), PriceCodec.read(row.getString("amounts"))))
        .list();
  }
}
