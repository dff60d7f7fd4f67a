package dev.rookery.sandbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.sandbox.BackgroundTask.Ending;
import dev.rookery.sandbox.BackgroundTask.State;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code background_task}. */
final class BackgroundTaskStore {
  private static final String SELECT =
      """
      SELECT id, agent_id, run_id, seq, command, state, exit_code, detail, started_at, ended_at
      FROM background_task WHERE org_id = :org
      """;

  private static final RowMapper<BackgroundTask> ROW =
      (row, _) -> {
        int code = row.getInt("exit_code");
        Integer exitCode = row.wasNull() ? null : code;
        long end = row.getLong("ended_at");
        Long endedAt = row.wasNull() ? null : end;
        return new BackgroundTask(
            row.getString("id"),
            new AgentId(row.getString("agent_id")),
            new StepRef(new RunId(row.getString("run_id")), row.getInt("seq"), 0),
            row.getString("command"),
            State.of(row.getString("state")),
            new Ending(exitCode, row.getString("detail"), endedAt),
            row.getLong("started_at"));
      };

  private BackgroundTaskStore() {}

  /** Returns 0 when the step has started one already. */
  static int insert(Tx tx, OrgId org, BackgroundTask task, String instance) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO background_task
              (org_id, id, agent_id, run_id, seq, command, state, instance, started_at)
            VALUES (:org, :id, :agent, :run, :seq, :command, :state, :instance, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", task.id())
        .bind("agent", task.agent().value())
        .bind("run", task.run().value())
        .bind("seq", task.step().seq())
        .bind("command", task.command())
        .bind("state", task.state().label())
        .bind("instance", instance)
        .bind("now", tx.now())
        .execute();
  }

  /** An ended one stays as it is. */
  static int end(Tx tx, OrgId org, String id, State state, Ending ending) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE background_task
            SET state = :state, exit_code = :code, detail = :detail, ended_at = :now
            WHERE org_id = :org AND id = :id AND state = 'running'
            """)
        .bind("org", org.value())
        .bind("id", id)
        .bind("state", state.label())
        .bind("code", ending.code())
        .bind("detail", ending.detail())
        .bind("now", tx.now())
        .execute();
  }

  /** The newest first. */
  static List<BackgroundTask> of(Tx tx, OrgId org, AgentId agent, int limit) {
    return tx.handle()
        .createQuery(
            SELECT + " AND agent_id = :agent ORDER BY started_at DESC, id DESC LIMIT :limit")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static Optional<BackgroundTask> find(Tx tx, OrgId org, AgentId agent, String id) {
    return tx.handle()
        .createQuery(SELECT + " AND agent_id = :agent AND id = :id")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("id", id)
        .map(ROW)
        .findOne();
  }

  static Optional<BackgroundTask> ofStep(Tx tx, OrgId org, StepRef step) {
    return tx.handle()
        .createQuery(SELECT + " AND run_id = :run AND seq = :seq")
        .bind("org", org.value())
        .bind("run", step.run().value())
        .bind("seq", step.seq())
        .map(ROW)
        .findOne();
  }

  static int running(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM background_task
            WHERE org_id = :org AND agent_id = :agent AND state = 'running'
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .mapTo(Integer.class)
        .one();
  }

  @SystemScope("a server that starts ends what the one before it ran, of all tenants")
  static int loseAll(Tx tx, String instance, String detail) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE background_task SET state = 'lost', detail = :detail, ended_at = :now
            WHERE instance = :instance AND state = 'running'
            """)
        .bind("instance", instance)
        .bind("detail", detail)
        .bind("now", tx.now())
        .execute();
  }
}
