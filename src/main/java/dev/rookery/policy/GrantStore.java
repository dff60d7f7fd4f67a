package dev.rookery.policy;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RuleId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code policy_rule}. */
final class GrantStore {
  private static final RowMapper<StoredGrant> ROW =
      (row, _) -> {
        String agent = row.getString("agent_id");
        return new StoredGrant(
            new RuleId(row.getString("id")),
            agent == null ? null : new AgentId(agent),
            new Grant(
                row.getString("rule"),
                Grant.Verdict.of(row.getString("verdict")).orElse(Grant.Verdict.DENY)),
            row.getString("created_by"),
            row.getLong("created_at"));
      };

  private GrantStore() {}

  static void put(Tx tx, OrgId org, @Nullable AgentId agent, Grant grant, String by) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO policy_rule (org_id, id, agent_id, rule, verdict, created_by, created_at)
            VALUES (:org, :id, :agent, :rule, :verdict, :by, :now)
            ON CONFLICT (org_id, COALESCE(agent_id, ''), rule)
            DO UPDATE SET verdict = excluded.verdict, created_by = excluded.created_by,
              created_at = excluded.created_at
            """)
        .bind("org", org.value())
        .bind("id", RuleId.next().value())
        .bind("agent", agent == null ? null : agent.value())
        .bind("rule", grant.rule())
        .bind("verdict", grant.verdict().label())
        .bind("by", by)
        .bind("now", tx.now())
        .execute();
  }

  static int remove(Tx tx, OrgId org, RuleId id) {
    return tx.handle()
        .createUpdate("DELETE FROM policy_rule WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .execute();
  }

  static Optional<StoredGrant> find(Tx tx, OrgId org, RuleId id) {
    return tx.handle()
        .createQuery(
            """
            SELECT id, agent_id, rule, verdict, created_by, created_at FROM policy_rule
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** Those on the agent and on everyone; those on everyone when the agent is null. */
  static List<StoredGrant> all(Tx tx, OrgId org, @Nullable AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT id, agent_id, rule, verdict, created_by, created_at FROM policy_rule
            WHERE org_id = :org AND COALESCE(agent_id, '') IN ('', :agent)
            ORDER BY rule, id
            """)
        .bind("org", org.value())
        .bind("agent", agent == null ? "" : agent.value())
        .map(ROW)
        .list();
  }
}
