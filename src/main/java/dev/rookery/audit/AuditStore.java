package dev.rookery.audit;

import dev.rookery.audit.AuditChain.Head;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Rows of {@code audit} and {@code audit_head}. */
final class AuditStore {
  private static final String SELECT =
      """
      SELECT org_id, seq, at, actor_kind, actor_id, actor_name, action, subject, data, prev_hash, hash
      FROM audit WHERE org_id = :org\s""";

  private static final RowMapper<AuditRecord> ROW =
      (row, _) ->
          new AuditRecord(
              new OrgId(row.getString("org_id")),
              row.getLong("seq"),
              row.getLong("at"),
              new AuditRecord.Who(
                  row.getString("actor_kind"),
                  row.getString("actor_id"),
                  row.getString("actor_name")),
              row.getString("action"),
              row.getString("subject"),
              row.getString("data"),
              new AuditRecord.Link(row.getString("prev_hash"), row.getString("hash")));

  private AuditStore() {}

  /** The end of the chain; nobody else lengthens it before this transaction is over. */
  static Head lockHead(Tx tx, OrgId org) {
    Optional<Head> head = head(tx, org, tx.dialect().lockRows());
    if (head.isPresent()) {
      return head.get();
    }
    tx.handle()
        .createUpdate(
            """
            INSERT INTO audit_head (org_id, seq, hash) VALUES (:org, 0, :hash)
            ON CONFLICT (org_id) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("hash", AuditChain.BEGINNING)
        .execute();
    return head(tx, org, tx.dialect().lockRows()).orElseThrow();
  }

  static Head head(Tx tx, OrgId org) {
    return head(tx, org, "").orElse(Head.NONE);
  }

  private static Optional<Head> head(Tx tx, OrgId org, String lock) {
    return tx.handle()
        .createQuery("SELECT seq, hash FROM audit_head WHERE org_id = :org" + lock)
        .bind("org", org.value())
        .map((row, _) -> new Head(row.getLong("seq"), row.getString("hash")))
        .findOne();
  }

  static void moveHead(Tx tx, OrgId org, Head head) {
    tx.handle()
        .createUpdate("UPDATE audit_head SET seq = :seq, hash = :hash WHERE org_id = :org")
        .bind("org", org.value())
        .bind("seq", head.seq())
        .bind("hash", head.hash())
        .execute();
  }

  static void insert(Tx tx, OrgId org, AuditRecord record) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO audit (org_id, seq, at, actor_kind, actor_id, actor_name, action, subject,
                               data, prev_hash, hash)
            VALUES (:org, :seq, :at, :actorKind, :actorId, :actorName, :action, :subject,
                    :data, :prevHash, :hash)
            """)
        .bind("org", org.value())
        .bind("seq", record.seq())
        .bind("at", record.at())
        .bind("actorKind", record.who().kind())
        .bind("actorId", record.who().id())
        .bind("actorName", record.who().name())
        .bind("action", record.action())
        .bind("subject", record.subject())
        .bind("data", record.data())
        .bind("prevHash", record.link().previous())
        .bind("hash", record.link().hash())
        .execute();
  }

  /** Oldest first. */
  static List<AuditRecord> after(Tx tx, OrgId org, long seq, int limit) {
    return tx.handle()
        .createQuery(SELECT + "AND seq > :seq ORDER BY seq LIMIT :limit")
        .bind("org", org.value())
        .bind("seq", seq)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static Optional<AuditRecord> find(Tx tx, OrgId org, long seq) {
    return tx.handle()
        .createQuery(SELECT + "AND seq = :seq")
        .bind("org", org.value())
        .bind("seq", seq)
        .map(ROW)
        .findOne();
  }

  /** The greatest number there is; 0 when there is none. */
  static long last(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT COALESCE(MAX(seq), 0) FROM audit WHERE org_id = :org")
        .bind("org", org.value())
        .mapTo(Long.class)
        .one();
  }

  /** Newest first. */
  static List<AuditRecord> list(Tx tx, OrgId org, Audit.Filter filter, Audit.Page page) {
    StringBuilder sql = new StringBuilder(SELECT);
    if (filter.actor() != null) {
      sql.append("AND (actor_id = :actor OR actor_name = :actor OR actor_kind = :actor) ");
    }
    if (filter.subject() != null) {
      sql.append("AND subject = :subject ");
    }
    if (filter.action() != null) {
      sql.append("AND substr(action, 1, :length) = :action ");
    }
    if (filter.from() != null) {
      sql.append("AND at >= :from ");
    }
    if (filter.to() != null) {
      sql.append("AND at < :to ");
    }
    if (page.before() != null) {
      sql.append("AND seq < :before ");
    }
    Query query =
        tx.handle()
            .createQuery(sql.append("ORDER BY seq DESC LIMIT :limit"))
            .bind("org", org.value())
            .bind("limit", page.limit());
    bind(query, "actor", filter.actor());
    bind(query, "subject", filter.subject());
    bind(query, "action", filter.action());
    bind(query, "from", filter.from() == null ? null : filter.from().toEpochMilli());
    bind(query, "to", filter.to() == null ? null : filter.to().toEpochMilli());
    bind(query, "before", page.before());
    if (filter.action() != null) {
      query.bind("length", filter.action().length());
    }
    return query.map(ROW).list();
  }

  private static void bind(Query query, String name, @Nullable Object value) {
    if (value != null) {
      query.bind(name, value);
    }
  }
}
