package dev.rookery.policy;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;

/** Rows of {@code tool_grant}. */
final class GrantStore {
  private GrantStore() {}

  static void put(Tx tx, OrgId org, AgentId agent, Grant grant) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO tool_grant (org_id, agent_id, tool, verdict, created_at)
            VALUES (:org, :agent, :tool, :verdict, :now)
            ON CONFLICT (org_id, agent_id, tool)
            DO UPDATE SET verdict = excluded.verdict, created_at = excluded.created_at
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("tool", grant.tool())
        .bind("verdict", grant.verdict().spelled())
        .bind("now", tx.now())
        .execute();
  }

  static int remove(Tx tx, OrgId org, AgentId agent, String tool) {
    return tx.handle()
        .createUpdate(
            "DELETE FROM tool_grant WHERE org_id = :org AND agent_id = :agent AND tool = :tool")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("tool", tool)
        .execute();
  }

  static List<Grant> all(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT tool, verdict FROM tool_grant WHERE org_id = :org AND agent_id = :agent
            ORDER BY tool
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map(
            (row, _) ->
                new Grant(row.getString("tool"), Grant.Verdict.of(row.getString("verdict"))))
        .list();
  }
}
