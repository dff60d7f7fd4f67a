package dev.rookery.egress;

import dev.rookery.kernel.AgentId;
import java.util.List;

/**
 * Where the sandbox of an agent may connect.
 *
 * @param own rules of the agent, before those of the preset
 * @param rules all that hold, in order; the last is on all hosts
 */
public record NetworkPolicy(
    AgentId agent, Preset preset, List<NetworkRule> own, List<NetworkRule> rules) {
  public NetworkPolicy {
    own = List.copyOf(own);
    rules = List.copyOf(rules);
  }

  /** Whether a sandbox needs a network at all. */
  public boolean anywhere() {
    return rules.stream().anyMatch(NetworkRule::allow);
  }

  /** The rule that decides about a host (lower case ASCII) and a port. */
  public NetworkRule decide(String host, int port) {
    return NetworkRules.decide(rules, host, port);
  }
}
