package dev.rookery.orgs;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.Optional;

/** Rows of {@code setup_link}. */
final class SetupLinkStore {
  private SetupLinkStore() {}

  static void insert(Tx tx, OrgId org, String hash, long expiresAt) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO setup_link (org_id, hash, created_at, expires_at)
            VALUES (:org, :hash, :now, :expiresAt)
            """)
        .bind("org", org.value())
        .bind("hash", hash)
        .bind("now", tx.now())
        .bind("expiresAt", expiresAt)
        .execute();
  }

  @SystemScope("the token is all that its bearer has")
  static Optional<Row> find(Tx tx, String hash) {
    return tx.handle()
        .createQuery("SELECT org_id, expires_at, used_at FROM setup_link WHERE hash = :hash")
        .bind("hash", hash)
        .map(
            (row, _) ->
                new Row(
                    new OrgId(row.getString("org_id")),
                    row.getLong("expires_at"),
                    row.getObject("used_at") != null))
        .findOne();
  }

  /** Returns 1 for the first, 0 for everybody after. */
  static int use(Tx tx, OrgId org, String hash) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE setup_link SET used_at = :now
            WHERE org_id = :org AND hash = :hash AND used_at IS NULL
            """)
        .bind("org", org.value())
        .bind("hash", hash)
        .bind("now", tx.now())
        .execute();
  }

  record Row(OrgId org, long expiresAt, boolean used) {}
}
