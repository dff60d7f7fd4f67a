package dev.rookery.journal;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code journal} and the counter that numbers them. */
final class JournalStore {
  private static final RowMapper<JournalRecord> ROW =
      (row, _) ->
          new JournalRecord(
              row.getLong("seq"),
              row.getLong("at"),
              new JournalEntry(
                  row.getString("kind"),
                  row.getString("subject"),
                  row.getString("conversation_key"),
                  Json.parse(row.getString("data"))));

  private JournalStore() {}

  /** The counter's row lock makes numbers follow the order of commits on PostgreSQL too. */
  static void append(Tx tx, OrgId org, List<JournalEntry> entries) {
    long last =
        tx.handle()
            .createQuery(
                """
                INSERT INTO journal_head (org_id, seq) VALUES (:org, :n)
                ON CONFLICT (org_id) DO UPDATE SET seq = journal_head.seq + :n
                RETURNING seq
                """)
            .bind("org", org.value())
            .bind("n", entries.size())
            .mapTo(Long.class)
            .one();
    long seq = last - entries.size();
    var batch =
        tx.handle()
            .prepareBatch(
                """
                INSERT INTO journal (org_id, seq, kind, subject, conversation_key, data, at)
                VALUES (:org, :seq, :kind, :subject, :conversation, :data, :at)
                """);
    for (JournalEntry entry : entries) {
      seq++;
      batch
          .bind("org", org.value())
          .bind("seq", seq)
          .bind("kind", entry.kind())
          .bind("subject", entry.subject())
          .bind("conversation", entry.conversation())
          .bind("data", Json.write(entry.data()))
          .bind("at", tx.now())
          .add();
    }
    batch.execute();
  }

  static List<JournalRecord> after(Tx tx, OrgId org, long seq, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT seq, at, kind, subject, conversation_key, data FROM journal
            WHERE org_id = :org AND seq > :seq ORDER BY seq LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("seq", seq)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static List<JournalRecord> about(Tx tx, OrgId org, String subject, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT seq, at, kind, subject, conversation_key, data FROM journal
            WHERE org_id = :org AND subject = :subject ORDER BY seq LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("subject", subject)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static long head(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT seq FROM journal_head WHERE org_id = :org")
        .bind("org", org.value())
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }
}
