package dev.rookery.integrations;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code integration} and {@code integration_cursor}. */
final class IntegrationStore {
  private static final String SELECT =
      "SELECT org_id, id, channel, name, config, sealed, agents, enabled FROM integration ";
  private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};
  private static final TypeReference<List<String>> IDS = new TypeReference<>() {};

  private static final RowMapper<Integration> ROW =
      (row, _) ->
          new Integration(
              new OrgId(row.getString("org_id")),
              new IntegrationId(row.getString("id")),
              row.getString("channel"),
              row.getString("name"),
              (ObjectNode) Json.parse(row.getString("config")),
              Json.mapper().convertValue(Json.parse(row.getString("sealed")), FIELDS),
              Json.mapper().convertValue(Json.parse(row.getString("agents")), IDS).stream()
                  .map(AgentId::new)
                  .toList(),
              row.getInt("enabled") == 1);

  private IntegrationStore() {}

  /** Returns 0 when the name is taken. */
  static int insert(Tx tx, OrgId org, Integration integration) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO integration
              (org_id, id, channel, name, config, sealed, agents, enabled, created_at)
            VALUES (:org, :id, :channel, :name, :config, :sealed, :agents, :enabled, :now)
            ON CONFLICT (org_id, name) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", integration.id().value())
        .bind("channel", integration.channel())
        .bind("name", integration.name())
        .bind("config", Json.write(integration.config()))
        .bind("sealed", Json.write(integration.sealed()))
        .bind("agents", Json.write(integration.agents().stream().map(AgentId::value).toList()))
        .bind("enabled", integration.enabled() ? 1 : 0)
        .bind("now", tx.now())
        .execute();
  }

  static List<Integration> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(SELECT + "WHERE org_id = :org ORDER BY id")
        .bind("org", org.value())
        .map(ROW)
        .list();
  }

  static Optional<Integration> find(Tx tx, OrgId org, IntegrationId id) {
    return tx.handle()
        .createQuery(SELECT + "WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** As {@link #find}; nobody else changes it until the transaction ends. */
  static Optional<Integration> lock(Tx tx, OrgId org, IntegrationId id) {
    return tx.handle()
        .createQuery(SELECT + "WHERE org_id = :org AND id = :id" + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  static Optional<Integration> findByName(Tx tx, OrgId org, String name) {
    return tx.handle()
        .createQuery(SELECT + "WHERE org_id = :org AND name = :name")
        .bind("org", org.value())
        .bind("name", name)
        .map(ROW)
        .findOne();
  }

  @SystemScope("a webhook names its integration only")
  static Optional<Integration> locate(Tx tx, IntegrationId id) {
    return tx.handle()
        .createQuery(SELECT + "WHERE id = :id")
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  @SystemScope("one process polls for all tenants")
  static List<Integration> enabled(Tx tx, String channel) {
    return tx.handle()
        .createQuery(SELECT + "WHERE channel = :channel AND enabled = 1 ORDER BY id")
        .bind("channel", channel)
        .map(ROW)
        .list();
  }

  static int setEnabled(Tx tx, OrgId org, IntegrationId id, boolean enabled) {
    return tx.handle()
        .createUpdate("UPDATE integration SET enabled = :enabled WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("enabled", enabled ? 1 : 0)
        .execute();
  }

  static void setConfig(Tx tx, OrgId org, IntegrationId id, ObjectNode config) {
    tx.handle()
        .createUpdate("UPDATE integration SET config = :config WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("config", Json.write(config))
        .execute();
  }

  static long position(Tx tx, OrgId org, IntegrationId id) {
    return tx.handle()
        .createQuery(
            """
            SELECT position FROM integration_cursor
            WHERE org_id = :org AND integration_id = :id
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /** Never goes back: a slow poller cannot undo what a faster one has acknowledged. */
  static void advance(Tx tx, OrgId org, IntegrationId id, long position) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO integration_cursor (org_id, integration_id, position, updated_at)
            VALUES (:org, :id, :position, :now)
            ON CONFLICT (integration_id)
            DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at
            WHERE integration_cursor.position < excluded.position
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("position", position)
        .bind("now", tx.now())
        .execute();
  }
}
