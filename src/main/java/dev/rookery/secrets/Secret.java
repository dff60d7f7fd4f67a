package dev.rookery.secrets;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a secret to those who may not know its value.
 *
 * @param hosts to which alone it is sent
 * @param place where alone it stands
 * @param prefix written before the value when it stands alone, such as {@code "Bearer "}
 * @param agents that may use it; null means all of the organization
 * @param createdAt epoch milliseconds
 * @param updatedAt epoch milliseconds; of the newest value
 */
public record Secret(
    String name,
    List<HostPattern> hosts,
    SecretPlace place,
    String prefix,
    @Nullable List<AgentId> agents,
    long createdAt,
    long updatedAt) {
  public Secret {
    hosts = List.copyOf(hosts);
    agents = agents == null ? null : List.copyOf(agents);
  }

  public boolean boundTo(String host) {
    return hosts.stream().anyMatch(pattern -> pattern.matches(host));
  }

  public boolean grantedTo(AgentId agent) {
    List<AgentId> named = agents;
    return named == null || named.contains(agent);
  }
}
