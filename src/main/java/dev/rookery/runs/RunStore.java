package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.store.Conditions;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
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
              new Run.Origin(
                  row.getString("activation_id"),
                  row.getInt("attended") == 1,
                  row.getString("contact"),
                  new Lineage(
                      new RunId(row.getString("root_run_id")),
                      row.getInt("depth"),
                      child(row.getString("lineage"))),
                  tools(row.getString("only_tools")),
                  rerun(row)),
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

  private RunStore() {}

  private static Run.@Nullable Rerun rerun(ResultSet row) throws SQLException {
    String kind = row.getString("rerun_kind");
    return kind == null
        ? null
        : new Run.Rerun(
            Run.Rerun.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            new RunId(row.getString("rerun_of")),
            row.getInt("rerun_from"));
  }

  private static @Nullable Set<String> tools(@Nullable String column) {
    return column == null ? null : Set.of(Json.read(column, String[].class));
  }

  private static Lineage.@Nullable Child child(@Nullable String column) {
    return column == null ? null : Json.read(column, Lineage.Child.class);
  }

  /** What {@link #hold} found. */
  enum Held {
    YES,
    LOST
  }

  static void insert(Tx tx, OrgId org, NewRun run, @Nullable String contact) {
    Lineage lineage = run.lineage();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run (org_id, id, agent_id, activation_id, conversation_key, parent_run_id, root_run_id, depth,
              mode, state, fence, wake_at, deadline, cancel_requested, attempts, created_at, attended, contact,
              only_tools, lineage)
            VALUES (:org, :id, :agent, :activation, :conversation, :parent, :root, :depth,
              :mode, 'queued', 0, :wake, :deadline, 0, 0, :now, :attended, :contact,
              :tools, :lineage)
            """)
        .bind("org", org.value())
        .bind("id", run.id().value())
        .bind("agent", run.agent().value())
        .bind("activation", run.activation().value())
        .bind("conversation", run.conversation())
        .bind("parent", lineage.parent() == null ? null : lineage.parent().value())
        .bind("root", lineage.root().value())
        .bind("lineage", lineage.child() == null ? null : Json.write(lineage.child()))
        .bind("depth", lineage.depth())
        .bind("mode", run.nature().mode())
        .bind("attended", run.nature().attended() ? 1 : 0)
        .bind("contact", contact)
        .bind(
            "tools", run.nature().onlyTools() == null ? null : Json.write(run.nature().onlyTools()))
        .bind("wake", tx.now() + run.delay().toMillis())
        .bind("deadline", tx.now() + run.deadline().toMillis())
        .bind("now", tx.now())
        .execute();
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

  /** Runs that wait for this may go on now; how many those are. */
  static int resumeWaiting(Tx tx, OrgId org, String reason) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE run SET state = 'running', wake_at = :now
            WHERE org_id = :org AND state IN ('queued', 'running', 'waiting_permission')
              AND state IN ('running', 'waiting_permission') AND wait_reason = :reason AND lease_owner IS NULL
            """)
        .bind("org", org.value())
        .bind("reason", reason)
        .bind("now", tx.now())
        .execute();
  }

  static Taint taint(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery("SELECT untrusted, confidential FROM run WHERE org_id = :org AND id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .map((row, _) -> new Taint(row.getInt("untrusted") == 1, row.getInt("confidential") == 1))
        .one();
  }

  static void taint(Tx tx, OrgId org, RunId run, Taint taint) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET untrusted = :untrusted, confidential = :confidential
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("untrusted", taint.untrusted() ? 1 : 0)
        .bind("confidential", taint.confidential() ? 1 : 0)
        .execute();
  }

  /** What its sandbox was worth, as JSON; the first look of a run stays. */
  static void attest(Tx tx, OrgId org, RunId run, String attestation) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET attestation = COALESCE(attestation, :attestation) WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("attestation", attestation)
        .execute();
  }

  static Optional<String> attestation(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            "SELECT attestation FROM run WHERE org_id = :org AND id = :run AND attestation IS NOT NULL")
        .bind("org", org.value())
        .bind("run", run.value())
        .mapTo(String.class)
        .findOne();
  }

  /** Of the newest of the agent's last 200 runs that has one. */
  static Optional<String> attestation(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT attestation FROM (SELECT id, attestation FROM run WHERE org_id = :org AND agent_id = :agent
              ORDER BY id DESC LIMIT 200) AS r WHERE attestation IS NOT NULL ORDER BY id DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .mapTo(String.class)
        .findOne();
  }

  /** A person's time to think is not the run's: the deadline moves with it. */
  static void moveDeadline(Tx tx, OrgId org, RunId run, long deadline) {
    tx.handle()
        .createUpdate("UPDATE run SET deadline = :deadline WHERE org_id = :org AND id = :run")
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("deadline", deadline)
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

  /** Queued, running and waiting runs of a conversation, oldest first. */
  static List<RunId> openIn(Tx tx, OrgId org, String conversation) {
    return tx.handle()
        .createQuery(
            """
            SELECT id FROM run WHERE org_id = :org AND conversation_key = :conversation
            AND state IN ('queued', 'running', 'waiting_permission') ORDER BY id
            """)
        .bind("org", org.value())
        .bind("conversation", conversation)
        .map((row, _) -> new RunId(row.getString("id")))
        .list();
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
    RunState state = query.state();
    return list(
        tx,
        org,
        (state == null && query.agent() == null
                ? Conditions.byId("org_id", org)
                : Conditions.in(org))
            .and("state = :state", "state", state == null ? null : state.label())
            .and("agent_id = :agent", "agent", query.agent())
            .and("id < :before", "before", query.before()),
        query.limit());
  }

  static List<Run> list(Tx tx, OrgId org, Conditions where, int limit) {
    return tx.handle()
        .createQuery("SELECT * FROM run" + where.sql() + " ORDER BY id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("org", org.value())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  /** In the result of {@link #census}. */
  static final String PAST = "past";

  /** In the result of {@link #census}. */
  static final String RECENT = "recent";

  /**
   * One statement, so one moment: runs per state that is not done, those with ids {@code [from,
   * until)} as {@link #PAST}, and those after as {@link #RECENT}.
   */
  static List<Counted> census(Tx tx, OrgId org, String from, String until) {
    // A range of ids is found in their index, except for the first time, which is nearly all.
    String whose = from.isEmpty() ? "org_id" : "(org_id || '')";
    return tx.handle()
        .createQuery(
            """
            SELECT state, COUNT(*) AS n FROM run WHERE org_id = :org
              AND state IN ('queued', 'running', 'waiting_permission', 'failed', 'cancelled') GROUP BY state
            UNION ALL SELECT 'past', COUNT(*) FROM run WHERE WHOSE = :org AND id >= :from AND id < :until
            UNION ALL SELECT 'recent', COUNT(*) FROM run WHERE (org_id || '') = :org AND id >= :until
            """
                .replace("WHOSE", whose))
        .bind("org", org.value())
        .bind("from", from)
        .bind("until", until)
        .map((row, _) -> new Counted(row.getString("state"), row.getLong("n")))
        .list();
  }

  /** Counted up to a number, so that a long queue costs no more than that. */
  static int countQueued(Tx tx, OrgId org, @Nullable AgentId agent, int upTo) {
    String whose = agent == null ? "" : " AND agent_id = :agent";
    var query =
        tx.handle()
            .createQuery(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM run WHERE org_id = :org AND state = 'queued'"
                    + whose
                    + " LIMIT :most) AS q")
            .bind("org", org.value())
            .bind("most", upTo);
    return (agent == null ? query : query.bind("agent", agent.value())).mapTo(Integer.class).one();
  }

  record Counted(String state, long count) {}
}
