package dev.rookery.agents;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code agent}. */
final class AgentStore {
  private static final String SELECT =
      """
      SELECT org_id, id, handle, name, instructions, model, enabled, updated_at FROM agent
      WHERE org_id = :org
      """;

  private static final RowMapper<Agent> ROW =
      (row, _) ->
          new Agent(
              new OrgId(row.getString("org_id")),
              new AgentId(row.getString("id")),
              row.getString("handle"),
              row.getString("name"),
              row.getString("instructions"),
              row.getString("model"),
              row.getInt("enabled") == 1,
              row.getLong("updated_at"));

  private AgentStore() {}

  /** Returns 0 when the handle is taken. */
  static int insert(Tx tx, OrgId org, Agent agent) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO agent
              (org_id, id, handle, name, instructions, model, enabled, created_at, updated_at)
            VALUES (:org, :id, :handle, :name, :instructions, :model, :enabled, :now, :now)
            ON CONFLICT (org_id, handle) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", agent.id().value())
        .bind("handle", agent.handle())
        .bind("name", agent.name())
        .bind("instructions", agent.instructions())
        .bind("model", agent.model())
        .bind("enabled", agent.enabled() ? 1 : 0)
        .bind("now", tx.now())
        .execute();
  }

  static void update(Tx tx, OrgId org, Agent agent) {
    tx.handle()
        .createUpdate(
            """
            UPDATE agent SET name = :name, instructions = :instructions, model = :model,
                             enabled = :enabled, updated_at = :updatedAt
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", agent.id().value())
        .bind("name", agent.name())
        .bind("instructions", agent.instructions())
        .bind("model", agent.model())
        .bind("enabled", agent.enabled() ? 1 : 0)
        .bind("updatedAt", agent.updatedAt())
        .execute();
  }

  static Optional<Agent> find(Tx tx, OrgId org, AgentId id) {
    return tx.handle()
        .createQuery(SELECT + " AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** As {@link #find}; nobody else changes the agent until the transaction ends. */
  static Optional<Agent> lock(Tx tx, OrgId org, AgentId id) {
    return tx.handle()
        .createQuery(SELECT + " AND id = :id" + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  static Optional<Agent> findByHandle(Tx tx, OrgId org, String handle) {
    return tx.handle()
        .createQuery(SELECT + " AND handle = :handle")
        .bind("org", org.value())
        .bind("handle", handle)
        .map(ROW)
        .findOne();
  }

  static List<Agent> newest(Tx tx, OrgId org, @Nullable String before, int limit) {
    return tx.handle()
        .createQuery(
            SELECT
                + " AND (CAST(:before AS TEXT) IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit")
        .bind("org", org.value())
        .bind("before", before)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static long count(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT count(*) FROM agent WHERE org_id = :org")
        .bind("org", org.value())
        .mapTo(Long.class)
        .one();
  }

  static List<Agent> after(Tx tx, OrgId org, String after, int limit) {
    return tx.handle()
        .createQuery(SELECT + " AND id > :after ORDER BY id LIMIT :limit")
        .bind("org", org.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }
}
