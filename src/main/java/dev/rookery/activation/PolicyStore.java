package dev.rookery.activation;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of {@code activation_policy}. */
final class PolicyStore {
  private PolicyStore() {}

  static void insert(Tx tx, OrgId org, ActivationPolicy policy) {
    var pause = policy.standing().pause();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO activation_policy (org_id, id, agent_id, name, trigger_type, definition, enabled, paused_until,
              pause_reason, created_at)
            VALUES (:org, :id, :agent, :name, :trigger, :definition, :enabled, :until, :reason, :now)
            """)
        .bind("org", org.value())
        .bind("id", policy.id().value())
        .bind("agent", policy.agent().value())
        .bind("name", policy.name())
        .bind("trigger", policy.wake().trigger().spelled())
        .bind("definition", definition(policy))
        .bind("enabled", policy.standing().enabled() ? 1 : 0)
        .bind("until", pause == null || pause.until() == null ? null : pause.until().toEpochMilli())
        .bind("reason", pause == null ? null : pause.reason())
        .bind("now", tx.now())
        .execute();
  }

  /** Without the ids, which have columns of their own. */
  private static String definition(ActivationPolicy policy) {
    return Json.write(PolicyCodec.write(policy).without(List.of("id", "agent_id")));
  }

  static List<ActivationPolicy> list(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            "SELECT * FROM activation_policy WHERE org_id = :org AND agent_id = :agent ORDER BY id")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map((row, _) -> policy(row))
        .list();
  }

  static Optional<ActivationPolicy> find(Tx tx, OrgId org, PolicyId id) {
    return tx.handle()
        .createQuery("SELECT * FROM activation_policy WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map((row, _) -> policy(row))
        .findOne();
  }

  /** All that can change; the agent cannot. */
  static void update(Tx tx, OrgId org, ActivationPolicy policy) {
    var pause = policy.standing().pause();
    tx.handle()
        .createUpdate(
            """
            UPDATE activation_policy SET name = :name, trigger_type = :trigger, definition = :definition,
              enabled = :enabled, paused_until = :until, pause_reason = :reason
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", policy.id().value())
        .bind("name", policy.name())
        .bind("trigger", policy.wake().trigger().spelled())
        .bind("definition", definition(policy))
        .bind("enabled", policy.standing().enabled() ? 1 : 0)
        .bind("until", pause == null || pause.until() == null ? null : pause.until().toEpochMilli())
        .bind("reason", pause == null ? null : pause.reason())
        .execute();
  }

  static void delete(Tx tx, OrgId org, PolicyId id) {
    tx.handle()
        .createUpdate("DELETE FROM activation_policy WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .execute();
  }

  /** Whether another policy of the agent has this name. */
  static boolean named(Tx tx, OrgId org, ActivationPolicy policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM activation_policy
            WHERE org_id = :org AND agent_id = :agent AND name = :name AND id <> :id
            """)
        .bind("org", org.value())
        .bind("agent", policy.agent().value())
        .bind("name", policy.name())
        .bind("id", policy.id().value())
        .mapTo(Boolean.class)
        .one();
  }

  /** Of all agents, oldest first. */
  static List<ActivationPolicy> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT * FROM activation_policy WHERE org_id = :org ORDER BY agent_id, id")
        .bind("org", org.value())
        .map((row, _) -> policy(row))
        .list();
  }

  /** A policy and what dispatch needs to know of its agent. */
  record Row(ActivationPolicy policy, String handle, boolean agentEnabled) {}

  /** Policies of the named agents, or of all when none is named; oldest agent first. */
  static List<Row> ofAgents(Tx tx, OrgId org, List<AgentId> agents) {
    return agents.isEmpty()
        ? rows(tx, org, "", List.of())
        : rows(
            tx, org, " AND p.agent_id IN (<some>)", agents.stream().map(AgentId::value).toList());
  }

  /** Policies of the agents with these handles. */
  static List<Row> ofHandles(Tx tx, OrgId org, List<String> handles) {
    return rows(tx, org, " AND a.handle IN (<some>)", handles);
  }

  /** One policy, with its agent. */
  static Optional<Row> row(Tx tx, OrgId org, PolicyId id) {
    return rows(tx, org, " AND p.id IN (<some>)", List.of(id.value())).stream().findFirst();
  }

  private static List<Row> rows(Tx tx, OrgId org, String which, List<String> some) {
    var query =
        tx.handle()
            .createQuery(
                """
                SELECT p.*, a.handle, a.enabled AS agent_enabled FROM activation_policy p
                JOIN agent a ON a.org_id = p.org_id AND a.id = p.agent_id WHERE p.org_id = :org
                """
                    + which
                    + " ORDER BY a.id, p.id")
            .bind("org", org.value());
    if (!some.isEmpty()) {
      query.bindList("some", some);
    }
    return query
        .map(
            (row, _) ->
                new Row(policy(row), row.getString("handle"), row.getInt("agent_enabled") == 1))
        .list();
  }

  /** Whoever counts what the policy did waits for those who are about to add to it. */
  static void lock(Tx tx, OrgId org, PolicyId id) {
    tx.handle()
        .createQuery(
            "SELECT 1 FROM activation_policy WHERE org_id = :org AND id = :id"
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("id", id.value())
        .mapTo(Integer.class)
        .findOne();
  }

  private static ActivationPolicy policy(ResultSet row) throws SQLException {
    return PolicyCodec.read(
        new PolicyId(row.getString("id")),
        new OrgId(row.getString("org_id")),
        new AgentId(row.getString("agent_id")),
        Json.parse(row.getString("definition")));
  }
}
