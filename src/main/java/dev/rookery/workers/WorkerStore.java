package dev.rookery.workers;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code worker}. Whoever changes one holds the row of its parent's run. */
final class WorkerStore {
  private static final RowMapper<Worker> ROW =
      (row, _) ->
          new Worker(
              new RunId(row.getString("run_id")),
              new OrgId(row.getString("org_id")),
              new Worker.Kin(
                  new RunId(row.getString("parent_run_id")),
                  new AgentId(row.getString("parent_agent_id")),
                  row.getInt("step"),
                  row.getInt("place"),
                  new RunId(row.getString("root_run_id")),
                  row.getInt("generation")),
              new Worker.Order(
                  new AgentId(row.getString("agent_id")),
                  row.getString("name"),
                  row.getString("task"),
                  row.getInt("background") == 1,
                  budget(row.getString("budget_id"))),
              new Worker.Standing(
                  Worker.State.of(row.getString("state")),
                  row.getString("cause"),
                  row.getString("summary"),
                  Worker.Home.of(row.getString("home"))),
              new Worker.Times(row.getLong("started_at"), row.getLong("ended_at")));

  private WorkerStore() {}

  private static @Nullable BudgetId budget(@Nullable String id) {
    return id == null ? null : new BudgetId(id);
  }

  static void insert(Tx tx, OrgId org, Worker worker) {
    Worker.Kin kin = worker.kin();
    Worker.Order order = worker.order();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO worker (org_id, run_id, parent_run_id, parent_agent_id, step, place, root_run_id, generation,
              agent_id, name, task, background, budget_id, state, started_at)
            VALUES (:org, :id, :parent, :parentAgent, :step, :place, :root, :generation,
              :agent, :name, :task, :background, :budget, 'active', :now)
            """)
        .bind("org", org.value())
        .bind("id", worker.id().value())
        .bind("parent", kin.parent().value())
        .bind("parentAgent", kin.parentAgent().value())
        .bind("step", kin.step())
        .bind("place", kin.place())
        .bind("root", kin.root().value())
        .bind("generation", kin.generation())
        .bind("agent", order.agent().value())
        .bind("name", order.name())
        .bind("task", Blobs.store(tx, org, order.task()))
        .bind("background", order.background() ? 1 : 0)
        .bind("budget", order.budget() == null ? null : order.budget().value())
        .bind("now", tx.now())
        .execute();
  }

  /** False when it was over before. */
  static boolean end(Tx tx, OrgId org, RunId id, Worker.Standing standing) {
    String summary = standing.summary();
    return tx.handle()
            .createUpdate(
                """
                UPDATE worker SET state = :state, cause = :cause, summary = :summary, home = :home, ended_at = :now
                WHERE org_id = :org AND run_id = :id AND state = 'active'
                """)
            .bind("org", org.value())
            .bind("id", id.value())
            .bind("state", standing.state().label())
            .bind("cause", standing.cause())
            .bind("summary", summary == null ? null : Blobs.store(tx, org, summary))
            .bind("home", standing.home() == null ? null : standing.home().label())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  static Optional<Worker> find(Tx tx, OrgId org, RunId id) {
    return tx.handle()
        .createQuery("SELECT * FROM worker WHERE org_id = :org AND run_id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne()
        .map(worker -> loaded(tx, worker));
  }

  /** Those that one call started, in order. */
  static List<Worker> ofStep(Tx tx, OrgId org, RunId parent, int step) {
    return loaded(
        tx,
        tx.handle()
            .createQuery(
                """
                SELECT * FROM worker WHERE org_id = :org AND parent_run_id = :parent AND step = :step ORDER BY place
                """)
            .bind("org", org.value())
            .bind("parent", parent.value())
            .bind("step", step)
            .map(ROW)
            .list());
  }

  /** Those that a run started, the oldest first. */
  static List<Worker> ofParent(Tx tx, OrgId org, RunId parent) {
    return loaded(
        tx,
        tx.handle()
            .createQuery(
                """
                SELECT * FROM worker WHERE org_id = :org AND parent_run_id = :parent ORDER BY step, place
                """)
            .bind("org", org.value())
            .bind("parent", parent.value())
            .map(ROW)
            .list());
  }

  /** How many of a run are active. */
  static int active(Tx tx, OrgId org, RunId parent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM worker WHERE org_id = :org AND parent_run_id = :parent AND state = 'active'
            """)
        .bind("org", org.value())
        .bind("parent", parent.value())
        .mapTo(Integer.class)
        .one();
  }

  /** How many of one call of it are active. */
  static int active(Tx tx, OrgId org, Worker.Kin kin) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM worker WHERE org_id = :org AND parent_run_id = :parent AND step = :step
            AND state = 'active'
            """)
        .bind("org", org.value())
        .bind("parent", kin.parent().value())
        .bind("step", kin.step())
        .mapTo(Integer.class)
        .one();
  }

  /** Budgets of the workers of a tree, if none of them is active any more. */
  static List<BudgetId> freeBudgets(Tx tx, OrgId org, RunId root) {
    return tx.handle()
        .createQuery(
            """
            SELECT w.budget_id FROM worker w WHERE w.org_id = :org AND w.root_run_id = :root
            AND w.budget_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM worker o WHERE o.org_id = w.org_id
              AND o.root_run_id = w.root_run_id AND o.state = 'active')
            """)
        .bind("org", org.value())
        .bind("root", root.value())
        .map((row, _) -> new BudgetId(row.getString("budget_id")))
        .list();
  }

  /** Newest first. */
  static List<Worker> list(Tx tx, OrgId org, Workers.Query query) {
    return loaded(
        tx,
        tx.handle()
            .createQuery(
                """
                SELECT * FROM worker WHERE org_id = :org
                AND (CAST(:state AS TEXT) IS NULL OR state = :state)
                AND (CAST(:agent AS TEXT) IS NULL OR agent_id = :agent)
                AND (CAST(:parent AS TEXT) IS NULL OR parent_run_id = :parent)
                AND (CAST(:before AS TEXT) IS NULL OR run_id < :before)
                ORDER BY run_id DESC LIMIT :limit
                """)
            .bind("org", org.value())
            .bind("state", query.state() == null ? null : query.state().label())
            .bind("agent", query.agent() == null ? null : query.agent().value())
            .bind("parent", query.parent() == null ? null : query.parent().value())
            .bind("before", query.before() == null ? null : query.before().value())
            .bind("limit", query.limit())
            .map(ROW)
            .list());
  }

  /** Those that runs of an agent started: first what is active, then the latest. */
  static List<Worker> startedBy(Tx tx, OrgId org, AgentId agent, int limit) {
    return loaded(
        tx,
        tx.handle()
            .createQuery(
                """
                SELECT * FROM worker WHERE org_id = :org AND parent_agent_id = :agent
                ORDER BY CASE WHEN state = 'active' THEN 0 ELSE 1 END, run_id DESC LIMIT :limit
                """)
            .bind("org", org.value())
            .bind("agent", agent.value())
            .bind("limit", limit)
            .map(ROW)
            .list());
  }

  /** What the runs of those hold together. */
  static Taint taint(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COALESCE(MAX(r.untrusted), 0) AS untrusted, COALESCE(MAX(r.confidential), 0) AS confidential
            FROM worker w JOIN run r ON r.org_id = w.org_id AND r.id = w.run_id
            WHERE w.org_id = :org AND w.parent_agent_id = :agent
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map((row, _) -> new Taint(row.getInt("untrusted") == 1, row.getInt("confidential") == 1))
        .one();
  }

  private static List<Worker> loaded(Tx tx, List<Worker> workers) {
    return workers.stream().map(worker -> loaded(tx, worker)).toList();
  }

  private static Worker loaded(Tx tx, Worker worker) {
    Worker.Order order = worker.order();
    Worker.Standing standing = worker.standing();
    String summary = standing.summary();
    return new Worker(
        worker.id(),
        worker.org(),
        worker.kin(),
        new Worker.Order(
            order.agent(),
            order.name(),
            Blobs.load(tx, worker.org(), order.task()),
            order.background(),
            order.budget()),
        new Worker.Standing(
            standing.state(),
            standing.cause(),
            summary == null ? null : Blobs.load(tx, worker.org(), summary),
            standing.home()),
        worker.times());
  }
}
