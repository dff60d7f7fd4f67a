package dev.rookery.runs;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Taint;
import dev.rookery.store.Tx;
import java.util.List;

/** Rows of {@code message} (what the model sees) and {@code run_input} (what is to be taken in). */
final class MessageStore {
  private MessageStore() {}

  /** One message of a run, with where it comes from. */
  record Heard(int seq, ModelMessage message, Provenance from) {}

  static void insert(Tx tx, OrgId org, RunId run, Heard heard) {
    ModelMessage message = heard.message();
    Taint taint = heard.from().taint();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO message (org_id, run_id, seq, role, content, source, untrusted, confidential, created_at)
            VALUES (:org, :run, :seq, :role, :content, :source, :untrusted, :confidential, :now)
            """)
        .bind("source", heard.from().source())
        .bind("untrusted", taint.untrusted() ? 1 : 0)
        .bind("confidential", taint.confidential() ? 1 : 0)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", heard.seq())
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

  /** Where each message comes from, in order. */
  static List<Provenance> provenance(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            """
            SELECT source, untrusted, confidential FROM message WHERE org_id = :org AND run_id = :run
            ORDER BY seq
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .map(
            (row, _) ->
                new Provenance(
                    row.getString("source"),
                    new Taint(row.getInt("untrusted") == 1, row.getInt("confidential") == 1)))
        .list();
  }

  /**
   * Lines of earlier runs of this agent in this conversation since it was cleared, newest run
   * first.
   */
  static List<PastRun> earlierRuns(Tx tx, OrgId org, Earlier earlier) {
    return tx.handle()
        .createQuery(
            """
            SELECT r.id, r.untrusted, r.confidential FROM run r
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
        .map(
            (row, _) ->
                new PastRun(
                    new RunId(row.getString("id")),
                    new Taint(row.getInt("untrusted") == 1, row.getInt("confidential") == 1)))
        .list();
  }

  /** An earlier run, and what it held. */
  record PastRun(RunId id, Taint taint) {}

  record Earlier(String conversation, AgentId agent, RunId before, int limit) {}

  static void insertInput(Tx tx, OrgId org, RunId run, Runs.Input input) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run_input (org_id, run_id, seq, event_id, content, source, untrusted, confidential)
            SELECT :org, :run, COALESCE(MAX(seq), 0) + 1, :event, :content, :source, :untrusted, :confidential
            FROM run_input
            WHERE org_id = :org AND run_id = :run
            """)
        .bind("source", input.speaker().identity())
        .bind("untrusted", input.speaker().taint().untrusted() ? 1 : 0)
        .bind("confidential", input.speaker().taint().confidential() ? 1 : 0)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("event", input.event().value())
        .bind("content", Blobs.store(tx, org, input.content()))
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

  /** A line that was taken in. */
  record Taken(String content, Provenance from) {}

  /** Marks all open inputs as taken and returns them in order. */
  static List<Taken> takeInputs(Tx tx, OrgId org, RunId run) {
    List<Taken> lines =
        tx.handle()
            .createQuery(
                """
                SELECT content, source, untrusted, confidential FROM run_input
                WHERE org_id = :org AND run_id = :run AND taken_at IS NULL ORDER BY seq
                """)
            .bind("org", org.value())
            .bind("run", run.value())
            .map(
                (row, _) ->
                    new Taken(
                        row.getString("content"),
                        new Provenance(
                            row.getString("source"),
                            new Taint(
                                row.getInt("untrusted") == 1, row.getInt("confidential") == 1))))
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
    return lines.stream()
        .map(line -> new Taken(Blobs.load(tx, org, line.content()), line.from()))
        .toList();
  }
}
