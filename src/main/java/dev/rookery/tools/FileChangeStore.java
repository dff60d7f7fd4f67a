package dev.rookery.tools;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import dev.rookery.tools.FileChanges.Change;
import java.time.Duration;
import java.util.Optional;

/** Rows of {@code file_change}. */
final class FileChangeStore {
  /** No step is looked up later than that. */
  private static final long KEPT = Duration.ofDays(90).toMillis();

  private FileChangeStore() {}

  static int put(Tx tx, OrgId org, Change change) {
    tx.handle()
        .createUpdate("DELETE FROM file_change WHERE org_id = :org AND at < :until")
        .bind("org", org.value())
        .bind("until", tx.now() - KEPT)
        .execute();
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO file_change (org_id, idempotency_key, path, before_sha256, after_sha256, at)
            VALUES (:org, :key, :path, :before, :after, :now)
            ON CONFLICT (org_id, idempotency_key) DO UPDATE SET path = excluded.path,
              before_sha256 = excluded.before_sha256, after_sha256 = excluded.after_sha256,
              at = excluded.at
            """)
        .bind("org", org.value())
        .bind("key", change.key())
        .bind("path", change.path())
        .bind("before", change.before())
        .bind("after", change.after())
        .bind("now", tx.now())
        .execute();
  }

  static Optional<Change> find(Tx tx, OrgId org, String key) {
    return tx.handle()
        .createQuery(
            """
            SELECT idempotency_key, path, before_sha256, after_sha256 FROM file_change
            WHERE org_id = :org AND idempotency_key = :key
            """)
        .bind("org", org.value())
        .bind("key", key)
        .map(
            (row, _) ->
                new Change(
                    row.getString("idempotency_key"),
                    row.getString("path"),
                    row.getString("before_sha256"),
                    row.getString("after_sha256")))
        .findOne();
  }
}
