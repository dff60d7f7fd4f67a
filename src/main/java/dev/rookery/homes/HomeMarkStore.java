package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.Optional;

/** Rows of {@code home_mark}. */
final class HomeMarkStore {
  private HomeMarkStore() {}

  static Optional<HomeTrust.Mark> find(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery("SELECT run_id, at FROM home_mark WHERE org_id = :org AND agent_id = :agent")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map(
            (row, _) ->
                new HomeTrust.Mark(
                    new RunId(row.getString("run_id")), Instant.ofEpochMilli(row.getLong("at"))))
        .findOne();
  }

  /** Whether it was not marked before. */
  static boolean insert(Tx tx, OrgId org, AgentId agent, RunId run) {
    return tx.handle()
            .createUpdate(
                """
                INSERT INTO home_mark (org_id, agent_id, run_id, at) VALUES (:org, :agent, :run, :now)
                ON CONFLICT DO NOTHING
                """)
            .bind("org", org.value())
            .bind("agent", agent.value())
            .bind("run", run.value())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  /** Whether it was marked. */
  static boolean delete(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
            .createUpdate("DELETE FROM home_mark WHERE org_id = :org AND agent_id = :agent")
            .bind("org", org.value())
            .bind("agent", agent.value())
            .execute()
        == 1;
  }
}
