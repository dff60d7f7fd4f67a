package dev.rookery.webhooks;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code webhook}. */
final class WebhookStore {
  private static final RowMapper<Webhook> ROW =
      (row, _) ->
          new Webhook(
              new OrgId(row.getString("org_id")),
              new PolicyId(row.getString("policy_id")),
              row.getString("token_sha256"),
              row.getString("sealed"),
              row.getLong("created_at"),
              row.getLong("rotated_at"));

  private WebhookStore() {}

  /** Without a token, unless it is there already. */
  static void insert(Tx tx, OrgId org, PolicyId policy) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO webhook (org_id, policy_id, created_at, rotated_at) VALUES (:org, :policy, :now, 0)
            ON CONFLICT (policy_id) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("now", tx.now())
        .execute();
  }

  static Optional<Webhook> find(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery("SELECT * FROM webhook WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map(ROW)
        .findOne();
  }

  @SystemScope("a call names the policy only")
  static Optional<Webhook> locate(Tx tx, PolicyId policy) {
    return tx.handle()
        .createQuery("SELECT * FROM webhook WHERE policy_id = :policy")
        .bind("policy", policy.value())
        .map(ROW)
        .findOne();
  }

  static void setToken(Tx tx, OrgId org, PolicyId policy, String sha256) {
    tx.handle()
        .createUpdate(
            """
            UPDATE webhook SET token_sha256 = :sha256, rotated_at = :now
            WHERE org_id = :org AND policy_id = :policy
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("sha256", sha256)
        .bind("now", tx.now())
        .execute();
  }

  static void setSealed(Tx tx, OrgId org, PolicyId policy, String sealed) {
    tx.handle()
        .createUpdate(
            "UPDATE webhook SET sealed = :sealed WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("sealed", sealed)
        .execute();
  }

  static void delete(Tx tx, OrgId org, PolicyId policy) {
    tx.handle()
        .createUpdate("DELETE FROM webhook WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .execute();
  }
}
