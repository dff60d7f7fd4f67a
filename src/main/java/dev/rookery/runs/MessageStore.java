package dev.rookery.runs;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.store.Tx;
import java.util.List;

/** Rows of {@code message} (what the model sees) and {@code run_input} (what is to be taken in). */
final class MessageStore {
  private MessageStore() {}

  static void insert(Tx tx, OrgId org, RunId run, int seq, ModelMessage message) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO message (org_id, run_id, seq, role, content, created_at)
            VALUES (:org, :run, :seq, :role, :content, :now)
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", seq)
        .bind("role", MessageCodec.role(message))
        .bind("content", Blobs.store(tx, org, MessageCodec.write(message)))
        .bind("now", tx.now())
        .execute();
  }

  static List<ModelMessage> list(Tx tx, OrgId org, RunId run) {
    return tx
        .handle()
        .createQuery(
            "SELECT role, content FROM message WHERE org_id = :org AND run_id = :run ORDER BY seq")
        .bind("org", org.value())
        .bind("run", run.value())
        .map((row, _) -> new Stored(row.getString("role"), row.getString("content")))
        .list()
        .stream()
        .map(stored -> MessageCodec.read(stored.role(), Blobs.load(tx, org, stored.content())))
        .toList();
  }

  private record Stored(String role, String content) {}

  /**
   * Lines of earlier runs of this agent in this conversation since it was cleared, newest run
   * first.
   */
  static List<RunId> earlierRuns(Tx tx, OrgId org, Earlier earlier) {
    return tx.handle()
        .createQuery(
            """
            SELECT r.id FROM run r
            LEFT JOIN conversation c ON c.org_id = r.org_id AND c.conversation_key = r.conversation_key
            WHERE r.org_id = :org AND r.conversation_key = :conversation AND r.agent_id = :agent
              AND r.id < :before AND r.state IN ('done', 'failed', 'cancelled')
              AND r.created_at > COALESCE(c.cleared_at, 0)
            ORDER BY r.id DESC LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("conversation", earlier.conversation())
        .bind("agent", earlier.agent().value())
        .bind("before", earlier.before().value())
        .bind("limit", earlier.limit())
        .map((row, _) -> new RunId(row.getString("id")))
        .list();
  }

  record Earlier(String conversation, AgentId agent, RunId before, int limit) {}

  static void insertInput(Tx tx, OrgId org, RunId run, EventId event, String content) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run_input (org_id, run_id, seq, event_id, content)
            SELECT :org, :run, COALESCE(MAX(seq), 0) + 1, :event, :content FROM run_input
            WHERE org_id = :org AND run_id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("event", event.value())
        .bind("content", Blobs.store(tx, org, content))
        .execute();
  }

  static List<EventId> events(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            "SELECT event_id FROM run_input WHERE org_id = :org AND run_id = :run ORDER BY seq")
        .bind("org", org.value())
        .bind("run", run.value())
        .map((row, _) -> new EventId(row.getString("event_id")))
        .list();
  }

  static int openInputs(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            "SELECT COUNT(*) FROM run_input WHERE org_id = :org AND run_id = :run AND taken_at IS NULL")
        .bind("org", org.value())
        .bind("run", run.value())
        .mapTo(Integer.class)
        .one();
  }

  static int inputs(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery("SELECT COUNT(*) FROM run_input WHERE org_id = :org AND run_id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .mapTo(Integer.class)
        .one();
  }

  /** Marks all open inputs as taken and returns their contents in order. */
  static List<String> takeInputs(Tx tx, OrgId org, RunId run) {
    List<String> contents =
        tx.handle()
            .createQuery(
                """
                SELECT content FROM run_input
                WHERE org_id = :org AND run_id = :run AND taken_at IS NULL ORDER BY seq
                """)
            .bind("org", org.value())
            .bind("run", run.value())
            .mapTo(String.class)
            .list();
    tx.handle()
        .createUpdate(
            """
            UPDATE run_input SET taken_at = :now
            WHERE org_id = :org AND run_id = :run AND taken_at IS NULL
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("now", tx.now())
        .execute();
    return contents.stream().map(c -> Blobs.load(tx, org, c)).toList();
  }
}
