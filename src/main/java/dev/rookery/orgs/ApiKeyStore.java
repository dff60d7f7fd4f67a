package dev.rookery.orgs;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Columns;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code api_key}. */
final class ApiKeyStore {
  private static final String COLUMNS =
      "org_id, id, name, prefix, hash, role, created_at, expires_at, revoked_at, last_used_at";

  private static final RowMapper<Hashed> ROW =
      (row, _) ->
          new Hashed(
              new ApiKey(
                  new OrgId(row.getString("org_id")),
                  new KeyId(row.getString("id")),
                  row.getString("name"),
                  row.getString("prefix"),
                  Role.of(row.getString("role")),
                  new ApiKey.Lifetime(
                      row.getLong("created_at"),
                      Columns.longOrNull(row, "expires_at"),
                      Columns.longOrNull(row, "revoked_at"),
                      Columns.longOrNull(row, "last_used_at"))),
              row.getString("hash"));

  private ApiKeyStore() {}

  static void insert(Tx tx, OrgId org, ApiKey key, String hash) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO api_key (org_id, id, name, prefix, hash, role, created_at, expires_at)
            VALUES (:org, :id, :name, :prefix, :hash, :role, :createdAt, :expiresAt)
            """)
        .bind("org", org.value())
        .bind("id", key.id().value())
        .bind("name", key.name())
        .bind("prefix", key.prefix())
        .bind("hash", hash)
        .bind("role", key.role().spelled())
        .bind("createdAt", key.lifetime().createdAt())
        .bind("expiresAt", key.lifetime().expiresAt())
        .execute();
  }

  static List<ApiKey> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE org_id = :org ORDER BY id")
        .bind("org", org.value())
        .map(ROW)
        .map(Hashed::key)
        .list();
  }

  static Optional<ApiKey> find(Tx tx, OrgId org, KeyId id) {
    return tx.handle()
        .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .map(Hashed::key)
        .findOne();
  }

  /** Those that are there, of whatever organization. */
  @SystemScope("one look at the keys of all open streams of a node")
  static List<ApiKey> these(Tx tx, Collection<KeyId> ids) {
    return ids.isEmpty()
        ? List.of()
        : tx.handle()
            .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE id IN (<ids>)")
            .bindList("ids", ids.stream().map(KeyId::value).toList())
            .map(ROW)
            .map(Hashed::key)
            .list();
  }

  @SystemScope("who asks is not known before the key is found")
  static List<Hashed> byPrefix(Tx tx, String prefix) {
    return tx.handle()
        .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE prefix = :prefix")
        .bind("prefix", prefix)
        .map(ROW)
        .list();
  }

  /** Returns 0 when there is no such key or it is revoked already. */
  static int revoke(Tx tx, OrgId org, KeyId id) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE api_key SET revoked_at = :now
            WHERE org_id = :org AND id = :id AND revoked_at IS NULL
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("now", tx.now())
        .execute();
  }

  static int touch(Tx tx, OrgId org, KeyId id, long every) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE api_key SET last_used_at = :now
            WHERE org_id = :org AND id = :id
              AND (last_used_at IS NULL OR last_used_at <= :now - :every)
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("now", tx.now())
        .bind("every", every)
        .execute();
  }

  /** A key with the SHA-256 of its whole spelling. */
  record Hashed(ApiKey key, String hash) {}
}
