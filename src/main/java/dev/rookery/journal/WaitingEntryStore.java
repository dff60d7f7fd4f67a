package dev.rookery.journal;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;

/**
 * Rows of {@code journal_waiting}: entries that are committed and have no number yet. Only on
 * PostgreSQL, where a counter that every commit locks lets an organization commit no faster than
 * one disk sync after the other.
 */
final class WaitingEntryStore {
  private WaitingEntryStore() {}

  /**
   * Records the entries without numbers. True when this transaction may number now: it holds the
   * organization's lock until it commits, and did not wait for it.
   */
  static boolean append(Tx tx, OrgId org, List<JournalEntry> entries) {
    boolean mayNumber = false;
    for (JournalEntry entry : entries) {
      mayNumber =
          tx.handle()
              .createQuery(
                  """
                  INSERT INTO journal_waiting (org_id, kind, subject, conversation_key, agent_id, data, at)
                  VALUES (:org, :kind, :subject, :conversation, :agent, :data, :at)
                  RETURNING pg_try_advisory_xact_lock(hashtextextended('journal' || :org, 0))
                  """)
              .bind("org", org.value())
              .bind("kind", entry.kind())
              .bind("subject", entry.subject())
              .bind("conversation", entry.conversation())
              .bind("agent", entry.agentValue())
              .bind("data", Json.write(entry.data()))
              .bind("at", tx.now())
              .mapTo(Boolean.class)
              .one();
    }
    return mayNumber;
  }

  static boolean any(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT 1 FROM journal_waiting WHERE org_id = :org LIMIT 1")
        .bind("org", org.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Numbers all that is committed; waits for who is at it. Returns how many there were. */
  static int numberAll(Tx tx, OrgId org) {
    tx.handle()
        .createQuery(
            "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended('journal' || :org, 0))) AS held")
        .bind("org", org.value())
        .mapTo(Integer.class)
        .one();
    return number(tx, org);
  }

  /**
   * In the order of their ids: what a transaction found committed got its id before. The caller
   * holds the lock since an earlier statement, so that this one sees what its last holder did.
   */
  static int number(Tx tx, OrgId org) {
    return tx.handle()
        .createUpdate(
            """
            WITH taken AS (
              DELETE FROM journal_waiting WHERE org_id = :org
              RETURNING id, kind, subject, conversation_key, agent_id, data, at),
            head AS (
              INSERT INTO journal_head (org_id, seq) SELECT :org, COUNT(*) FROM taken HAVING COUNT(*) > 0
              ON CONFLICT (org_id) DO UPDATE SET seq = journal_head.seq + EXCLUDED.seq RETURNING seq)
            INSERT INTO journal (org_id, seq, kind, subject, conversation_key, agent_id, data, at)
            SELECT :org, head.seq - (SELECT COUNT(*) FROM taken) + ROW_NUMBER() OVER (ORDER BY taken.id),
              taken.kind, taken.subject, taken.conversation_key, taken.agent_id, taken.data, taken.at
            FROM taken, head
            """)
        .bind("org", org.value())
        .execute();
  }
}
