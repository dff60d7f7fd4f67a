package dev.rookery.integrations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import java.util.List;
import java.util.Map;

/**
 * One configured instance of a channel. Several of one channel may exist side by side.
 *
 * @param channel type, such as {@code telegram}
 * @param config open settings, such as {@code mode} or {@code base_url}
 * @param sealed secrets by field name, each an {@code enc:v2} envelope; opened only by the vault
 * @param agents whom it serves, the first is addressed by default; empty means all agents of the
 *     organization
 */
public record Integration(
    OrgId org,
    IntegrationId id,
    String channel,
    String name,
    ObjectNode config,
    Map<String, String> sealed,
    List<AgentId> agents,
    boolean enabled) {
  public Integration {
    sealed = Map.copyOf(sealed);
    agents = List.copyOf(agents);
  }

  /** Source of its events: unique per integration, so that two bots never share dedupe keys. */
  public String source() {
    return channel + ":" + id;
  }

  public boolean serves(AgentId agent) {
    return agents.isEmpty() || agents.contains(agent);
  }

  @Override
  public String toString() {
    return "Integration[" + id + " " + channel + " '" + name + "']";
  }
}
