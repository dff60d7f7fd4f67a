package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code run}: claims, leases and state. Every write after a claim names the fence. */
final class RunStore {
  static final RowMapper<Run> ROW =
      (row, _) ->
          new Run(
              new RunId(row.getString("id")),
              new OrgId(row.getString("org_id")),
              new AgentId(row.getString("agent_id")),
              row.getString("conversation_key"),
              row.getString("activation_id"),
              new Run.Status(
                  RunState.of(row.getString("state")),
                  row.getString("wait_reason"),
                  row.getString("failure_reason"),
                  row.getString("outcome")),
              new Run.Lease(
                  row.getLong("fence"), row.getString("lease_owner"), row.getInt("attempts")),
              new Run.Times(
                  row.getLong("created_at"),
                  row.getLong("started_at"),
                  row.getLong("finished_at"),
                  row.getLong("wake_at"),
                  row.getLong("deadline")));

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

  private RunStore() {}

  /** What {@link #hold} found. */
  enum Held {
    YES,
    LOST
  }

  static void insert(Tx tx, OrgId org, NewRun run) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run (org_id, id, agent_id, activation_id, conversation_key, root_run_id, depth, mode, state,
              fence, wake_at, deadline, cancel_requested, attempts, created_at)
            VALUES (:org, :id, :agent, :activation, :conversation, :id, :depth, :mode, 'queued',
              0, :wake, :deadline, 0, 0, :now)
            """)
        .bind("org", org.value())
        .bind("id", run.id().value())
        .bind("agent", run.agent().value())
        .bind("activation", run.activation().value())
        .bind("conversation", run.conversation())
        .bind("depth", run.depth())
        .bind("mode", run.mode())
        .bind("wake", tx.now() + run.delay().toMillis())
        .bind("deadline", tx.now() + run.deadline().toMillis())
        .bind("now", tx.now())
        .execute();
  }

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
        .map(ROW)
        .list();
  }

  /** How many places there are, and agents that may not use them. */
  record Places(int free, Set<AgentId> full) {}

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

  /** Who claims, for how long, and whether the last owner vanished. */
  record Claim(String owner, long leaseMillis, boolean afterCrash) {}

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

  /**
   * First statement of every write of a run: takes the row's lock and checks the fence, so that a
   * cancel or another node's claim either happened before, and is seen, or waits until this commit.
   */
  static Held hold(Tx tx, OrgId org, RunId run, long fence) {
    return tx.handle()
            .createQuery(
                "SELECT 1 FROM run WHERE org_id = :org AND id = :run AND fence = :fence AND state = 'running'"
                    + tx.dialect().lockRows())
            .bind("org", org.value())
            .bind("run", run.value())
            .bind("fence", fence)
            .mapTo(Integer.class)
            .findOne()
            .isPresent()
        ? Held.YES
        : Held.LOST;
  }

  /** Gives the lease back; the run goes on at {@code wakeAt}, or when a person answered. */
  static void park(Tx tx, OrgId org, RunId run, RunState state, Parked parked) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET state = :state, wait_reason = :reason, wake_at = :wake, lease_owner = NULL, lease_until = NULL
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("state", state.label())
        .bind("reason", parked.reason())
        .bind("wake", parked.wakeAt())
        .execute();
  }

  /** Why a run waits, and until when. */
  record Parked(@Nullable String reason, long wakeAt) {}

  static void finish(Tx tx, OrgId org, RunId run, Run.Status status) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET state = :state, wait_reason = NULL, failure_reason = :failure, outcome = :outcome,
              lease_owner = NULL, lease_until = NULL, fence = fence + 1, finished_at = :now
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("state", status.state().label())
        .bind("failure", status.failureReason())
        .bind("outcome", status.outcome())
        .bind("now", tx.now())
        .execute();
  }

  static void postpone(Tx tx, OrgId org, RunId run, long wakeAt) {
    tx.handle()
        .createUpdate("UPDATE run SET wake_at = :wake WHERE org_id = :org AND id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("wake", wakeAt)
        .execute();
  }

  static Runs.Open open(Tx tx, OrgId org, AgentId agent, String conversation) {
    RunId active = null;
    RunId queued = null;
    for (Run run :
        tx.handle()
            .createQuery(
                """
                SELECT * FROM run WHERE org_id = :org AND conversation_key = :conversation AND agent_id = :agent
                AND state IN ('running', 'waiting_permission')
                UNION ALL
                SELECT * FROM run WHERE org_id = :org AND conversation_key = :conversation AND agent_id = :agent
                AND state = 'queued' ORDER BY id
                """)
            .bind("org", org.value())
            .bind("agent", agent.value())
            .bind("conversation", conversation)
            .map(ROW)
            .list()) {
      if (run.status().state() == RunState.QUEUED) {
        queued = run.id();
      } else {
        active = run.id();
      }
    }
    return new Runs.Open(active, queued);
  }

  static void useModel(Tx tx, OrgId org, RunId run, String model) {
    tx.handle()
        .createUpdate("UPDATE run SET model = :model WHERE org_id = :org AND id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("model", model)
        .execute();
  }

  /** The run, with its row locked until commit. */
  static Optional<Run> lock(Tx tx, OrgId org, RunId run) {
    return one(tx, org, run, tx.dialect().lockRows());
  }

  static Optional<Run> find(Tx tx, OrgId org, RunId run) {
    return one(tx, org, run, "");
  }

  private static Optional<Run> one(Tx tx, OrgId org, RunId run, String suffix) {
    return tx.handle()
        .createQuery("SELECT * FROM run WHERE org_id = :org AND id = :run" + suffix)
        .bind("org", org.value())
        .bind("run", run.value())
        .map(ROW)
        .findOne();
  }

  /** Newest first. */
  static List<Run> list(Tx tx, OrgId org, Runs.Query query) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM run WHERE org_id = :org
            AND (CAST(:state AS TEXT) IS NULL OR state = :state)
            AND (CAST(:agent AS TEXT) IS NULL OR agent_id = :agent)
            AND (CAST(:before AS TEXT) IS NULL OR id < :before)
            ORDER BY id DESC LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("state", query.state() == null ? null : query.state().label())
        .bind("agent", query.agent() == null ? null : query.agent().value())
        .bind("before", query.before() == null ? null : query.before().value())
        .bind("limit", query.limit())
        .map(ROW)
        .list();
  }

  static List<Counted> countByState(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT state, COUNT(*) AS n FROM run WHERE org_id = :org GROUP BY state")
        .bind("org", org.value())
        .map((row, _) -> new Counted(row.getString("state"), row.getLong("n")))
        .list();
  }

  record Counted(String state, long count) {}

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
}
