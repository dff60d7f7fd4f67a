package dev.rookery.bench;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;

/** A long past, inserted in bulk: conversations with events, runs, steps and replies. */
final class SowStore {
  /** Every third is in the same conversation as two others; one in fifty failed. */
  private static final List<String> ROWS =
      List.of(
          """
          INSERT INTO conversation (org_id, conversation_key, address, name, direct, cleared_at, created_at, last_at)
          SELECT :org, 'cli:past-' || i, 'cli:past-' || i, 'past ' || i, 1, 0, :start + i * 1000, :start + i * 1000
          FROM n WHERE i <= :conversations
          """,
          """
          INSERT INTO event (org_id, id, source, type, conversation_key, target_agent, actor, content, payload,
            trust, dedupe_key, occurred_at, received_at, dispatch, dispatch_attempts, dispatch_at)
          SELECT :org, 'evt_' || hex, 'bench', 'manual', talk, :agent,
            '{"kind":"MEMBER","id":"ada","name":"Ada","depth":0}',
            '{"content":{"text":"What about ' || i || '?","addressed":true,"command":null,"attachments":[]},'
              || '"address":"' || talk || '","name":"past","direct":true,"remoteId":null}',
            '{}', 'member', 'past-' || i, at, at, 'dispatched', 1, at
          FROM p
          """,
          """
          INSERT INTO activation (org_id, id, event_id, policy_id, agent_id, decision, reason, why, run_id, decided_at)
          SELECT :org, 'act_' || hex, 'evt_' || hex, 'pol_' || hex, :agent, 'woke', 'manual', 'It was called.',
            'run_' || hex, at
          FROM p
          """,
          """
          INSERT INTO run (org_id, id, agent_id, activation_id, conversation_key, root_run_id, depth, mode, state,
            fence, wake_at, deadline, cancel_requested, attempts, outcome, failure_reason, created_at, started_at,
            finished_at, attended, contact)
          SELECT :org, 'run_' || hex, :agent, 'act_' || hex, talk, 'run_' || hex, 0, 'turn',
            CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'done' END, 2, at, at, 0, 0, 'replied',
            CASE WHEN i % 50 = 0 THEN 'model_unavailable' END, at, at, at + 900, 1, 'bench:ada'
          FROM p
          """,
          """
          INSERT INTO run_input (org_id, run_id, seq, event_id, content, taken_at, source, untrusted)
          SELECT :org, 'run_' || hex, 1, 'evt_' || hex, 'What about ' || i || '?', at, 'bench:ada', 0 FROM p
          """,
          """
          INSERT INTO step (org_id, run_id, seq, kind, state, name, effect_class, idem_key, request, request_hash,
            response, failed, attempts, fence, started_at, finished_at)
          SELECT :org, 'run_' || hex, s.seq, s.kind, 'done', s.kind, s.effect, hex || s.seq, '{}', 'h',
            '{"text":"It is.","calls":[]}', 0, 1, 1, at, at + 800
          FROM p CROSS JOIN (SELECT 1 AS seq, 'model' AS kind, 'pure' AS effect
            UNION ALL SELECT 2, 'reply', 'keyed') AS s
          """,
          """
          INSERT INTO message (org_id, run_id, seq, role, content, created_at, source)
          SELECT :org, 'run_' || hex, s.seq, s.role, s.content, at, s.role
          FROM p CROSS JOIN (SELECT 1 AS seq, 'user' AS role, '{"text":"What?"}' AS content
            UNION ALL SELECT 2, 'assistant', '{"text":"It is.","calls":[]}') AS s
          """,
          """
          INSERT INTO outbox (org_id, id, conversation_key, run_id, agent_id, idem_key, address, body, state, fence,
            attempts, next_at, remote_id, created_at, finished_at)
          SELECT :org, 'dlv_' || hex, talk, 'run_' || hex, :agent, 'past-' || i, talk, 'It is.', 'sent', 1, 1, at,
            'dlv_' || hex, at, at
          FROM p
          """,
          """
          INSERT INTO spend_entry (org_id, subject, step, part, kind, name, agent_id, root_run_id, state, amounts,
            estimated, asked_input, input, output, cache_read, cache_write, reserved, actual, windows, at, settled_at)
          SELECT :org, 'run_' || hex, 1, '1', 'model', 'scripted', :agent, 'run_' || hex, 'settled', '{}',
            0, 10, 10, 5, 0, 0, 100, 60, '[]', at, at
          FROM p
          """,
          """
          INSERT INTO journal (org_id, seq, kind, subject, conversation_key, data, at)
          SELECT :org, :head + (i - 1) * 3 + k.n, k.kind, 'run_' || hex, talk, '{"state":"done"}', at
          FROM p CROSS JOIN (SELECT 1 AS n, 'run.queued' AS kind UNION ALL SELECT 2, 'run.started'
            UNION ALL SELECT 3, 'run.finished') AS k
          """);

  private SowStore() {}

  /**
   * Rows of a past.
   *
   * @param start epoch milliseconds of the first run; there is one each second
   */
  record Past(AgentId agent, int runs, long start) {}

  /** SQLite only. */
  static void sow(Tx tx, OrgId org, Past past) {
    int conversations = Math.max(1, past.runs() / 10);
    String numbers =
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :runs),
        p AS (SELECT i, printf('%012x%020x', :start + i * 1000, i) AS hex, :start + i * 1000 AS at,
          'cli:past-' || (1 + i % :conversations) AS talk FROM n)
        """;
    long head =
        tx.handle()
            .createQuery("SELECT COALESCE(MAX(seq), 0) FROM journal WHERE org_id = :org")
            .bind("org", org.value())
            .mapTo(Long.class)
            .one();
    for (String rows : ROWS) {
      int split = rows.indexOf("SELECT");
      String sql = rows.substring(0, split) + numbers + rows.substring(split);
      var update =
          tx.handle()
              .createUpdate(sql)
              .bind("org", org.value())
              .bind("runs", past.runs())
              .bind("start", past.start())
              .bind("conversations", conversations);
      if (rows.contains(":agent")) {
        update.bind("agent", past.agent().value());
      }
      if (rows.contains(":head")) {
        update.bind("head", head);
      }
      update.execute();
    }
    tx.handle()
        .createUpdate("UPDATE journal_head SET seq = :seq WHERE org_id = :org")
        .bind("org", org.value())
        .bind("seq", head + 3L * past.runs())
        .execute();
  }
}
