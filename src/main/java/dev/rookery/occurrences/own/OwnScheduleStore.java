package dev.rookery.occurrences.own;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;

/** Rows of {@code own_schedule}: which schedules an agent made, for which call of which run. */
final class OwnScheduleStore {
  private OwnScheduleStore() {}

  /**
   * Who made it, and for which call.
   *
   * @param idemKey of the call: the same call again makes no second schedule
   */
  record Made(PolicyId policy, AgentId agent, RunId run, String idemKey) {}

  static void insert(Tx tx, OrgId org, Made made) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO own_schedule (org_id, policy_id, agent_id, run_id, idem_key, made_at)
            VALUES (:org, :policy, :agent, :run, :key, :now)
            """)
        .bind("org", org.value())
        .bind("policy", made.policy().value())
        .bind("agent", made.agent().value())
        .bind("run", made.run().value())
        .bind("key", made.idemKey())
        .bind("now", tx.now())
        .execute();
  }

  static Optional<PolicyId> byKey(Tx tx, OrgId org, String idemKey) {
    return tx.handle()
        .createQuery("SELECT policy_id FROM own_schedule WHERE org_id = :org AND idem_key = :key")
        .bind("org", org.value())
        .bind("key", idemKey)
        .map((row, _) -> new PolicyId(row.getString("policy_id")))
        .findOne();
  }

  /** Of the policies that are still there, the oldest first. */
  static List<PolicyId> list(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT o.policy_id FROM own_schedule o
            JOIN activation_policy p ON p.org_id = o.org_id AND p.id = o.policy_id
            WHERE o.org_id = :org AND o.agent_id = :agent ORDER BY o.made_at, o.policy_id
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map((row, _) -> new PolicyId(row.getString("policy_id")))
        .list();
  }

  /** Whether the agent made it, also when it is gone. */
  static boolean made(Tx tx, OrgId org, AgentId agent, PolicyId policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM own_schedule
            WHERE org_id = :org AND agent_id = :agent AND policy_id = :policy
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("policy", policy.value())
        .mapTo(Boolean.class)
        .one();
  }

  /** How many the agent made since then, also those that are gone. */
  static int madeSince(Tx tx, OrgId org, AgentId agent, long since) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM own_schedule
            WHERE org_id = :org AND agent_id = :agent AND made_at > :since
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("since", since)
        .mapTo(Integer.class)
        .one();
  }

  /** How many of them are still to come. */
  static int pending(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM own_schedule o
            JOIN schedule s ON s.org_id = o.org_id AND s.policy_id = o.policy_id
            WHERE o.org_id = :org AND o.agent_id = :agent AND s.look_at IS NOT NULL
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .mapTo(Integer.class)
        .one();
  }

  /** Calls of one agent wait for each other here, so that its bounds hold. */
  static void lock(Tx tx, OrgId org, AgentId agent) {
    tx.handle()
        .createUpdate("UPDATE agent SET updated_at = updated_at WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", agent.value())
        .execute();
  }
}
