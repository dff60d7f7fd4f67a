package dev.rookery.tools;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.ToolId;
import dev.rookery.models.ToolSpec;
import dev.rookery.store.Tx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code tool}. */
final class ToolStore {
  private static final String SELECT =
      """
      SELECT org_id, id, name, description, schema, config, sealed, effect_class, enabled FROM tool
      WHERE org_id = :org
      """;
  private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

  private static final RowMapper<DefinedTool> ROW =
      (row, _) ->
          new DefinedTool(
              new OrgId(row.getString("org_id")),
              new ToolId(row.getString("id")),
              new ToolSpec(
                  row.getString("name"),
                  row.getString("description"),
                  Json.parse(row.getString("schema"))),
              endpoint(Json.parse(row.getString("config"))),
              Json.mapper().convertValue(Json.parse(row.getString("sealed")), FIELDS),
              EffectClass.valueOf(row.getString("effect_class")),
              row.getInt("enabled") == 1);

  private ToolStore() {}

  /** Returns 0 when the name is taken. */
  static int insert(Tx tx, OrgId org, DefinedTool tool) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO tool (org_id, id, name, description, schema, config, sealed, effect_class,
                              enabled, created_at)
            VALUES (:org, :id, :name, :description, :schema, :config, :sealed, :effectClass,
                    :enabled, :now)
            ON CONFLICT (org_id, name) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", tool.id().value())
        .bind("name", tool.spec().name())
        .bind("description", tool.spec().description())
        .bind("schema", Json.write(tool.spec().schema()))
        .bind("config", Json.write(config(tool.endpoint())))
        .bind("sealed", Json.write(tool.sealed()))
        .bind("effectClass", tool.effectClass().name())
        .bind("enabled", tool.enabled() ? 1 : 0)
        .bind("now", tx.now())
        .execute();
  }

  static List<DefinedTool> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(SELECT + " ORDER BY name")
        .bind("org", org.value())
        .map(ROW)
        .list();
  }

  static Optional<DefinedTool> find(Tx tx, OrgId org, String idOrName) {
    return tx.handle()
        .createQuery(
            SELECT + (Ids.matches("tol", idOrName) ? " AND id = :key" : " AND name = :key"))
        .bind("org", org.value())
        .bind("key", idOrName)
        .map(ROW)
        .findOne();
  }

  static int setEnabled(Tx tx, OrgId org, ToolId id, boolean enabled) {
    return tx.handle()
        .createUpdate("UPDATE tool SET enabled = :enabled WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("enabled", enabled ? 1 : 0)
        .execute();
  }

  private static ObjectNode config(Endpoint endpoint) {
    ObjectNode config =
        Json.object()
            .put("url", endpoint.url().toString())
            .put("method", endpoint.method())
            .put("timeout_ms", endpoint.timeout().toMillis())
            .put("allow_private", endpoint.allowPrivate());
    if (endpoint.lookupUrl() != null) {
      config.put("lookup_url", endpoint.lookupUrl().toString());
    }
    return config;
  }

  private static Endpoint endpoint(JsonNode config) {
    return new Endpoint(
        URI.create(config.path("url").asText()),
        config.path("method").asText(),
        Duration.ofMillis(config.path("timeout_ms").asLong()),
        config.has("lookup_url") ? URI.create(config.path("lookup_url").asText()) : null,
        config.path("allow_private").asBoolean());
  }
}
