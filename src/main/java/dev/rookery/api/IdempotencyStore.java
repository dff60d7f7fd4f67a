package dev.rookery.api;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code idempotency}: requests that were claimed by a key of the caller's. */
final class IdempotencyStore {
  private IdempotencyStore() {}

  /** Which request: the API key, and the key that its caller gave. */
  record Key(KeyId caller, String given) {}

  /**
   * A claim.
   *
   * @param owner the process that performs it
   * @param status of the answer; 0 when there is none yet
   */
  record Claim(
      String requestHash, String route, String owner, int status, @Nullable String body, long at) {}

  /** False when the key is claimed already. */
  static boolean claim(Tx tx, OrgId org, Key key, Claim claim) {
    return tx.handle()
            .createUpdate(
                """
                INSERT INTO idempotency (org_id, key_id, idem_key, request_hash, route, state, owner, created_at)
                VALUES (:org, :caller, :given, :hash, :route, 'claimed', :owner, :now)
                ON CONFLICT (org_id, key_id, idem_key) DO NOTHING
                """)
            .bind("org", org.value())
            .bind("caller", key.caller().value())
            .bind("given", key.given())
            .bind("hash", claim.requestHash())
            .bind("route", claim.route())
            .bind("owner", claim.owner())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  static Optional<Claim> find(Tx tx, OrgId org, Key key) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM idempotency WHERE org_id = :org AND key_id = :caller AND idem_key = :given
            """)
        .bind("org", org.value())
        .bind("caller", key.caller().value())
        .bind("given", key.given())
        .map(
            (row, _) ->
                new Claim(
                    row.getString("request_hash"),
                    row.getString("route"),
                    row.getString("owner"),
                    row.getInt("status"),
                    row.getString("body"),
                    row.getLong("created_at")))
        .findOne();
  }

  static void answered(Tx tx, OrgId org, Key key, int status, String body) {
    tx.handle()
        .createUpdate(
            """
            UPDATE idempotency SET state = 'done', status = :status, body = :body
            WHERE org_id = :org AND key_id = :caller AND idem_key = :given
            """)
        .bind("org", org.value())
        .bind("caller", key.caller().value())
        .bind("given", key.given())
        .bind("status", status)
        .bind("body", body)
        .execute();
  }

  static void release(Tx tx, OrgId org, Key key) {
    tx.handle()
        .createUpdate(
            """
            DELETE FROM idempotency WHERE org_id = :org AND key_id = :caller AND idem_key = :given
            """)
        .bind("org", org.value())
        .bind("caller", key.caller().value())
        .bind("given", key.given())
        .execute();
  }

  @SystemScope("what is too old is so in all organizations")
  static int prune(Tx tx, long before) {
    return tx.handle()
        .createUpdate("DELETE FROM idempotency WHERE created_at < :before")
        .bind("before", before)
        .execute();
  }
}
