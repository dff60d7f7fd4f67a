package dev.rookery.journal;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.Optional;

/** Rows of {@code blob}. */
final class BlobStore {
  private BlobStore() {}

  static void insert(Tx tx, OrgId org, String sha256, byte[] body) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO blob (org_id, sha256, size, body, created_at)
            VALUES (:org, :sha256, :size, :body, :now) ON CONFLICT (org_id, sha256) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("sha256", sha256)
        .bind("size", body.length)
        .bind("body", body)
        .bind("now", tx.now())
        .execute();
  }

  static Optional<byte[]> find(Tx tx, OrgId org, String sha256) {
    return tx.handle()
        .createQuery("SELECT body FROM blob WHERE org_id = :org AND sha256 = :sha256")
        .bind("org", org.value())
        .bind("sha256", sha256)
        .map((row, _) -> row.getBytes("body"))
        .findOne();
  }
}
