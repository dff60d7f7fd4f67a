package dev.rookery.journal;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

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
                  agent(row.getString("agent_id")),
                  Json.parse(row.getString("data"))));

  private static final int ROWS = 16;

  /** For one row, for two … */
  private static final List<String> INSERTS =
      IntStream.rangeClosed(1, ROWS).mapToObj(JournalStore::insertOf).toList();

  private JournalStore() {}

  private static @Nullable AgentId agent(@Nullable String value) {
    return value == null ? null : new AgentId(value);
  }

  private static String insertOf(int rows) {
    return "INSERT INTO journal (org_id, seq, kind, subject, conversation_key, agent_id, data, at)"
        + " VALUES "
        + IntStream.range(0, rows)
            .mapToObj(
                i ->
                    ("(:org, :seq%1$d, :kind%1$d, :subject%1$d, :conversation%1$d, :agent%1$d,"
                            + " :data%1$d, :at)")
                        .formatted(i))
            .collect(Collectors.joining(", "));
  }

  /** Numbers and records; for a database with one writer. */
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
    for (int from = 0; from < entries.size(); from += ROWS) {
      List<JournalEntry> some = entries.subList(from, Math.min(from + ROWS, entries.size()));
      insert(tx, org, seq + from, some);
    }
  }

  /** Many rows with one statement: most transactions record a few things, and all of them some. */
  private static void insert(Tx tx, OrgId org, long before, List<JournalEntry> entries) {
    var update =
        tx.handle()
            .createUpdate(INSERTS.get(entries.size() - 1))
            .bind("org", org.value())
            .bind("at", tx.now());
    for (int i = 0; i < entries.size(); i++) {
      JournalEntry entry = entries.get(i);
      update
          .bind("seq" + i, before + i + 1)
          .bind("kind" + i, entry.kind())
          .bind("subject" + i, entry.subject())
          .bind("conversation" + i, entry.conversation())
          .bind("agent" + i, entry.agentValue())
          .bind("data" + i, Json.write(entry.data()));
    }
    update.execute();
  }

  static List<JournalRecord> after(Tx tx, OrgId org, long seq, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT seq, at, kind, subject, conversation_key, agent_id, data FROM journal
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
            SELECT seq, at, kind, subject, conversation_key, agent_id, data FROM journal
            WHERE org_id = :org AND subject = :subject ORDER BY seq LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("subject", subject)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static long last(Tx tx, OrgId org, String subject) {
    return tx.handle()
        .createQuery(
            """
            SELECT seq FROM journal
            WHERE org_id = :org AND subject = :subject ORDER BY seq DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("subject", subject)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
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
