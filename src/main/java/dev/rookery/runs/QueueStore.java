package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of {@code run} as a queue: which may be claimed, and by whom they are. */
final class QueueStore {
  /**
   * Conditions are spelled as those of the partial indexes, so that SQLite uses these. A lease that
   * ends much later than any claim of now could is of a clock that was set back, and void. Twice
   * the lease, as a heartbeat may commit between the reading of the clock and this statement.
   */
  private static final String FREE =
      """
      r.state IN ('queued', 'running', 'waiting_permission')
      AND (r.state <> 'waiting_permission' AND r.wake_at <= :now OR r.state = 'waiting_permission' AND r.deadline <= :now)
      AND (r.lease_owner IS NULL OR r.lease_until < :now OR r.lease_until > :now + 2 * :lease)
      AND (r.state <> 'queued' OR NOT EXISTS (
          SELECT 1 FROM run o WHERE o.org_id = r.org_id AND o.agent_id = r.agent_id
          AND o.conversation_key = r.conversation_key AND o.state IN ('running', 'waiting_permission'))
        AND NOT EXISTS (
          SELECT 1 FROM run o WHERE o.org_id = r.org_id AND o.agent_id = r.agent_id
          AND o.conversation_key = r.conversation_key AND o.state = 'queued' AND o.id < r.id))
      """;

  private QueueStore() {}

  @SystemScope("the queue is served across organizations")
  static List<CapacityRules.AgentDemand> demand(Tx tx, long leaseMillis) {
    return tx.handle()
        .createQuery(
            """
            SELECT d.org_id, d.agent_id, SUM(d.running) AS running, SUM(d.ready) AS ready,
              SUM(CASE WHEN d.ready = 1 AND d.wait_reason = 'capacity_agent' THEN 1 ELSE 0 END) AS noted
            FROM (
              SELECT r.org_id, r.agent_id, r.wait_reason, CASE WHEN r.lease_owner IS NOT NULL AND r.lease_until >= :now
                AND r.lease_until <= :now + 2 * :lease THEN 1 ELSE 0 END AS running,
                CASE WHEN\s"""
                + FREE
                + """
                THEN 1 ELSE 0 END AS ready
              FROM run r WHERE r.state IN ('queued', 'running', 'waiting_permission')) d
            GROUP BY d.org_id, d.agent_id
            """)
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .map(
            (row, _) ->
                new CapacityRules.AgentDemand(
                    row.getString("org_id"),
                    row.getString("agent_id"),
                    row.getInt("ready"),
                    row.getInt("running"),
                    row.getInt("noted")))
        .list();
  }

  /**
   * Runs that may start or go on now, oldest first; rows that another node is claiming are passed
   * over, and so are agents that have no place left.
   */
  static List<Run> claimable(Tx tx, OrgId org, long leaseMillis, Places places) {
    List<String> full = new ArrayList<>(List.of("none"));
    places.full().forEach(agent -> full.add(agent.value()));
    return tx.handle()
        .createQuery(
            "SELECT r.* FROM run r WHERE r.org_id = :org AND r.agent_id NOT IN (<full>) AND "
                + FREE
                + " ORDER BY r.id LIMIT :limit"
                + tx.dialect().skipLocked())
        .bindList("full", full)
        .bind("org", org.value())
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .bind("limit", places.free())
        .map(RunStore.ROW)
        .list();
  }

  /** Shows why ready runs of an agent wait, where that is not shown yet. */
  static void noteFull(Tx tx, OrgId org, AgentId agent, long leaseMillis) {
    tx.handle()
        .createUpdate(
            "UPDATE run AS r SET wait_reason = 'capacity_agent' WHERE r.org_id = :org AND r.agent_id = :agent"
                + " AND r.wait_reason IS NULL AND "
                + FREE)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .execute();
  }

  static int leased(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM run WHERE org_id = :org AND agent_id = :agent
            AND state IN ('running', 'waiting_permission') AND lease_owner IS NOT NULL AND lease_until >= :now
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("now", tx.now())
        .mapTo(Integer.class)
        .one();
  }

  static void claim(Tx tx, OrgId org, RunId run, Claim claim) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET state = 'running', wait_reason = NULL, fence = fence + 1, attempts = attempts + :counts,
              lease_owner = :owner, lease_until = :until, started_at = COALESCE(started_at, :now)
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("owner", claim.owner())
        .bind("until", tx.now() + claim.leaseMillis())
        .bind("counts", claim.afterCrash() ? 1 : 0)
        .bind("now", tx.now())
        .execute();
  }

  static boolean renew(Tx tx, OrgId org, RunId run, long fence, long leaseMillis) {
    return tx.handle()
            .createUpdate(
                """
                UPDATE run SET lease_until = :until WHERE org_id = :org AND id = :run AND fence = :fence
                AND lease_owner IS NOT NULL
                """)
            .bind("org", org.value())
            .bind("run", run.value())
            .bind("fence", fence)
            .bind("until", tx.now() + leaseMillis)
            .execute()
        == 1;
  }

  /** What a node works on, as the database has it: run and fence. */
  @SystemScope("a node asks for its own leases, whatever organization they belong to")
  static Map<RunId, Long> heldBy(Tx tx, NodeId node) {
    Map<RunId, Long> held = new HashMap<>();
    tx.handle()
        .createQuery(
            """
            SELECT id, fence FROM run
            WHERE state IN ('queued', 'running', 'waiting_permission') AND lease_owner = :node
            """)
        .bind("node", node.value())
        .map((row, _) -> Map.entry(new RunId(row.getString("id")), row.getLong("fence")))
        .forEach(entry -> held.put(entry.getKey(), entry.getValue()));
    return held;
  }

  /** SQLite has one process: what an earlier one held is free as soon as this one starts. */
  @SystemScope("leases of a process that is gone, whatever organization they belong to")
  static int releaseAll(Tx tx) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE run SET lease_until = 0
            WHERE state IN ('queued', 'running', 'waiting_permission') AND state = 'running' AND lease_owner IS NOT NULL
            """)
        .execute();
  }

  /** How many places there are, and agents that may not use them. */
  record Places(int free, Set<AgentId> full) {}

  /** Who claims, for how long, and whether the last owner vanished. */
  record Claim(String owner, long leaseMillis, boolean afterCrash) {}
}
