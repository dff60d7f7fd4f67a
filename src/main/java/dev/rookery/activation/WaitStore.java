package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code activation_wait} and {@code gate_claim}. */
final class WaitStore {
  private static final RowMapper<Wait> ROW =
      (row, _) ->
          new Wait(
              new OrgId(row.getString("org_id")),
              new Wait.Key(
                  new EventId(row.getString("event_id")), new PolicyId(row.getString("policy_id"))),
              new AgentId(row.getString("agent_id")),
              row.getString("conversation_key"),
              row.getInt("ambient") == 1,
              lines(row.getString("lines")),
              row.getLong("due_at"),
              new Wait.Progress(
                  row.getLong("fence"),
                  row.getInt("attempts"),
                  row.getInt("asking") == 1,
                  row.getInt("decided") == 1));

  private WaitStore() {}

  static void insert(Tx tx, OrgId org, Wait wait) {
    ArrayNode lines = Json.mapper().createArrayNode();
    wait.lines()
        .forEach(
            line ->
                lines
                    .addObject()
                    .put("event", line.event().value())
                    .set("notes", Json.mapper().valueToTree(line.notes())));
    tx.handle()
        .createUpdate(
            """
            INSERT INTO activation_wait (org_id, event_id, policy_id, agent_id, conversation_key, ambient, lines,
              due_at, fence, attempts, asking, decided, created_at)
            VALUES (:org, :event, :policy, :agent, :conversation, :ambient, :lines, :due, 0, 0, 0, 0, :now)
            """)
        .bind("org", org.value())
        .bind("event", wait.key().event().value())
        .bind("policy", wait.key().policy().value())
        .bind("agent", wait.agent().value())
        .bind("conversation", wait.conversation())
        .bind("ambient", wait.ambient() ? 1 : 0)
        .bind("lines", Json.write(lines))
        .bind("due", wait.dueAt())
        .bind("now", tx.now())
        .execute();
  }

  private static List<Wait.Line> lines(String json) {
    List<Wait.Line> lines = new ArrayList<>();
    for (JsonNode line : Json.parse(json)) {
      List<String> notes = new ArrayList<>();
      line.path("notes").forEach(note -> notes.add(note.textValue()));
      lines.add(new Wait.Line(new EventId(line.path("event").textValue()), notes));
    }
    return lines;
  }

  /** Those of a conversation that are not decided, locked until commit. */
  static List<Wait> ambientIn(Tx tx, OrgId org, String conversation) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM activation_wait WHERE org_id = :org AND conversation_key = :conversation
            AND decided = 0 AND ambient = 1 ORDER BY event_id, policy_id
            """
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("conversation", conversation)
        .map(ROW)
        .list();
  }

  /** Undecided waits, the next due first. */
  static List<Wait> open(Tx tx, OrgId org, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM activation_wait WHERE org_id = :org AND decided = 0
            ORDER BY due_at, event_id, policy_id LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  @SystemScope("waits are served across organizations")
  static boolean anyDue(Tx tx) {
    return tx.handle()
        .createQuery("SELECT 1 FROM activation_wait WHERE due_at <= :now LIMIT 1")
        .bind("now", tx.now())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Due ones that no other node takes at this moment. */
  @SystemScope("waits are served across organizations")
  static List<Wait> due(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM activation_wait WHERE due_at <= :now ORDER BY due_at, event_id LIMIT :limit
            """
                + tx.dialect().skipLocked())
        .bind("now", tx.now())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static Optional<Wait> lock(Tx tx, OrgId org, Wait.Key key) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM activation_wait WHERE org_id = :org AND event_id = :event AND policy_id = :policy
            """
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .map(ROW)
        .findOne();
  }

  /** Takes it from whoever serves it, until it is due. */
  static void schedule(Tx tx, OrgId org, Wait.Key key, long dueAt) {
    tx.handle()
        .createUpdate(
            """
            UPDATE activation_wait SET due_at = :due, fence = fence + 1
            WHERE org_id = :org AND event_id = :event AND policy_id = :policy
            """)
        .bind("due", dueAt)
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .execute();
  }

  /** Leaves it to whoever takes it next, when it is due. */
  static void leave(Tx tx, OrgId org, Wait.Key key, long dueAt) {
    tx.handle()
        .createUpdate(
            """
            UPDATE activation_wait SET due_at = :due
            WHERE org_id = :org AND event_id = :event AND policy_id = :policy
            """)
        .bind("due", dueAt)
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .execute();
  }

  static void progress(Tx tx, OrgId org, Wait.Key key, Wait.Progress progress) {
    tx.handle()
        .createUpdate(
            """
            UPDATE activation_wait SET attempts = :attempts, asking = :asking, decided = :decided
            WHERE org_id = :org AND event_id = :event AND policy_id = :policy
            """)
        .bind("attempts", progress.attempts())
        .bind("asking", progress.asking() ? 1 : 0)
        .bind("decided", progress.decided() ? 1 : 0)
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .execute();
  }

  static void delete(Tx tx, OrgId org, Wait.Key key) {
    tx.handle()
        .createUpdate(
            "DELETE FROM activation_wait WHERE org_id = :org AND event_id = :event AND policy_id = :policy")
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .execute();
  }

  /** The first claim of a line stands. */
  static void claim(Tx tx, OrgId org, Wait wait) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO gate_claim (org_id, conversation_key, event_id, agent_id, policy_id, at)
            VALUES (:org, :conversation, :event, :agent, :policy, :now)
            ON CONFLICT (org_id, conversation_key, event_id) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("conversation", wait.conversation())
        .bind("event", wait.key().event().value())
        .bind("agent", wait.agent().value())
        .bind("policy", wait.key().policy().value())
        .bind("now", tx.now())
        .execute();
  }

  static Optional<AgentId> claimant(Tx tx, OrgId org, String conversation, EventId event) {
    return tx.handle()
        .createQuery(
            """
            SELECT agent_id FROM gate_claim
            WHERE org_id = :org AND conversation_key = :conversation AND event_id = :event
            """)
        .bind("org", org.value())
        .bind("conversation", conversation)
        .bind("event", event.value())
        .map((row, _) -> new AgentId(row.getString("agent_id")))
        .findOne();
  }
}
