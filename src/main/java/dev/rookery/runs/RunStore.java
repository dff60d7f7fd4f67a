package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
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

  /** Says again what the other conditions imply, so that the index of open runs is used. */
  private static final String FREE =
      """
      r.state IN ('queued', 'running', 'waiting_permission') AND (r.state IN ('queued', 'running') AND r.wake_at <= :now OR r.state = 'waiting_permission' AND r.deadline <= :now)
      AND (r.lease_owner IS NULL OR r.lease_until < :now OR r.lease_until > :now + :lease)
      AND (r.state <> 'queued' OR NOT EXISTS (
        SELECT 1 FROM run o WHERE o.org_id = r.org_id AND o.conversation_key = r.conversation_key
        AND o.agent_id = r.agent_id AND o.id <> r.id
        AND o.state IN ('queued', 'running', 'waiting_permission')
        AND (o.state IN ('running', 'waiting_permission') OR (o.state = 'queued' AND o.id < r.id))))
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
  static List<CapacityRules.Demand> demand(Tx tx, long leaseMillis) {
    return tx
        .handle()
        .createQuery(
            """
            SELECT r.org_id,
              SUM(CASE WHEN r.lease_owner IS NOT NULL AND r.lease_until >= :now
                AND r.lease_until <= :now + :lease THEN 1 ELSE 0 END) AS running,
              SUM(CASE WHEN (r.wake_at <= :now AND r.state IN ('queued', 'running')
                OR r.state = 'waiting_permission' AND r.deadline <= :now) AND (r.lease_owner IS NULL
                OR r.lease_until < :now OR r.lease_until > :now + :lease) THEN 1 ELSE 0 END) AS ready
            FROM run r WHERE r.state IN ('queued', 'running', 'waiting_permission') GROUP BY r.org_id
            """)
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .map(
            (row, _) ->
                new CapacityRules.Demand(
                    row.getString("org_id"), row.getInt("ready"), row.getInt("running")))
        .list()
        .stream()
        .filter(d -> d.ready() > 0)
        .toList();
  }

  /**
   * Runs that may start or go on now, oldest first; rows that another node is claiming are passed
   * over.
   */
  static List<Run> claimable(Tx tx, OrgId org, long leaseMillis, int limit) {
    return tx.handle()
        .createQuery(
            "SELECT r.* FROM run r WHERE r.org_id = :org AND "
                + FREE
                + " ORDER BY r.id LIMIT :limit"
                + tx.dialect().skipLocked())
        .bind("org", org.value())
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static int leased(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM run WHERE org_id = :org AND agent_id = :agent
            AND state IN ('running', 'waiting_permission') AND state = 'running'
            AND lease_owner IS NOT NULL AND lease_until >= :now
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
                AND state IN ('queued', 'running', 'waiting_permission') ORDER BY id
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

  static void note(Tx tx, OrgId org, RunId run, @Nullable String waitReason) {
    tx.handle()
        .createUpdate("UPDATE run SET wait_reason = :reason WHERE org_id = :org AND id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("reason", waitReason)
        .execute();
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
