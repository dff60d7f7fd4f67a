package dev.rookery.egress;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;

/** Rows of {@code network_policy}. */
final class NetworkPolicyStore {
  private NetworkPolicyStore() {}

  /** What an operator set. */
  record Row(Preset preset, List<NetworkRule> own) {}

  static void put(Tx tx, OrgId org, AgentId agent, Row row) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO network_policy (org_id, agent_id, preset, rules, updated_at)
            VALUES (:org, :agent, :preset, :rules, :now)
            ON CONFLICT (org_id, agent_id) DO UPDATE
            SET preset = excluded.preset, rules = excluded.rules, updated_at = excluded.updated_at
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("preset", row.preset().label())
        .bind("rules", Json.write(row.own().stream().map(NetworkPolicyStore::json).toList()))
        .bind("now", tx.now())
        .execute();
  }

  static Optional<Row> find(Tx tx, OrgId org, AgentId agent) {
    return find(tx, org, agent, "");
  }

  /** As {@link #find(Tx, OrgId, AgentId)}; nobody else changes it until the transaction ends. */
  static Optional<Row> lock(Tx tx, OrgId org, AgentId agent) {
    return find(tx, org, agent, tx.dialect().lockRows());
  }

  private static Optional<Row> find(Tx tx, OrgId org, AgentId agent, String suffix) {
    return tx.handle()
        .createQuery(
            """
            SELECT preset, rules FROM network_policy WHERE org_id = :org AND agent_id = :agent
            """
                + suffix)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map(
            (row, _) ->
                new Row(
                    Preset.of(row.getString("preset")),
                    Json.parse(row.getString("rules"))
                        .valueStream()
                        .map(NetworkPolicyStore::rule)
                        .toList()))
        .findOne();
  }

  private static JsonNode json(NetworkRule rule) {
    return Json.object()
        .put("allow", rule.allow())
        .put("host", rule.host().text())
        .put("port", rule.port())
        .put("plain_http", rule.plainHttp())
        .put("private_networks", rule.privateNetworks());
  }

  private static NetworkRule rule(JsonNode json) {
    return new NetworkRule(
        json.path("allow").asBoolean(),
        new HostPattern(json.path("host").asText()),
        json.hasNonNull("port") ? json.path("port").asInt() : null,
        json.path("plain_http").asBoolean(),
        json.path("private_networks").asBoolean());
  }
}
