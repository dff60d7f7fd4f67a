package dev.rookery.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code secret}. */
final class SecretStore {
  private static final String SELECT =
      """
      SELECT name, hosts, place, prefix, agents, sealed, created_at, updated_at FROM secret
      WHERE org_id = :org
      """;

  /** A secret with its envelope. */
  record Row(Secret secret, String sealed) {
    @Override
    public String toString() {
      return "Row[" + secret.name() + "]";
    }
  }

  private static final RowMapper<Row> ROW =
      (row, _) ->
          new Row(
              new Secret(
                  row.getString("name"),
                  texts(row.getString("hosts"), HostPattern::new),
                  SecretPlace.of(row.getString("place")),
                  row.getString("prefix"),
                  agents(row.getString("agents")),
                  row.getLong("created_at"),
                  row.getLong("updated_at")),
              row.getString("sealed"));

  private SecretStore() {}

  private static <T> List<T> texts(String json, Function<String, T> read) {
    return Json.parse(json).valueStream().map(JsonNode::asText).map(read).toList();
  }

  private static @Nullable List<AgentId> agents(@Nullable String json) {
    return json == null ? null : texts(json, AgentId::new);
  }

  private static String json(List<?> items) {
    return Json.write(items.stream().map(Object::toString).toList());
  }

  /** Returns 0 when the name is taken. */
  static int insert(Tx tx, OrgId org, Row row) {
    Secret secret = row.secret();
    List<AgentId> agents = secret.agents();
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO secret
              (org_id, name, hosts, place, prefix, agents, sealed, created_at, updated_at)
            VALUES (:org, :name, :hosts, :place, :prefix, :agents, :sealed, :now, :now)
            ON CONFLICT (org_id, name) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("name", secret.name())
        .bind("hosts", json(secret.hosts()))
        .bind("place", secret.place().toString())
        .bind("prefix", secret.prefix())
        .bind("agents", agents == null ? null : json(agents))
        .bind("sealed", row.sealed())
        .bind("now", tx.now())
        .execute();
  }

  /** Returns 0 when there is none of this name. */
  static int rotate(Tx tx, OrgId org, String name, String sealed) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE secret SET sealed = :sealed, updated_at = :now
            WHERE org_id = :org AND name = :name
            """)
        .bind("org", org.value())
        .bind("name", name)
        .bind("sealed", sealed)
        .bind("now", tx.now())
        .execute();
  }

  static int remove(Tx tx, OrgId org, String name) {
    return tx.handle()
        .createUpdate("DELETE FROM secret WHERE org_id = :org AND name = :name")
        .bind("org", org.value())
        .bind("name", name)
        .execute();
  }

  static List<Row> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(SELECT + " ORDER BY name")
        .bind("org", org.value())
        .map(ROW)
        .list();
  }

  static Optional<Row> find(Tx tx, OrgId org, String name) {
    return tx.handle()
        .createQuery(SELECT + " AND name = :name")
        .bind("org", org.value())
        .bind("name", name)
        .map(ROW)
        .findOne();
  }
}
