package dev.rookery.egress;

import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the sandboxes of agents may connect. Operators change it; nothing that an agent can call
 * does. Without a word from an operator it is {@link Preset#LOCKDOWN}.
 */
public final class NetworkPolicies {
  /** Names the hosts of package registries, separated by commas; the code knows none. */
  public static final String REGISTRIES_VARIABLE = "ROOKERY_REGISTRY_HOSTS";

  private static final int MOST_RULES = 100;
  private static final NetworkPolicyStore.Row NO_WORD =
      new NetworkPolicyStore.Row(Preset.LOCKDOWN, List.of());

  private final Database database;
  private final Journal journal;
  private final List<HostPattern> registries;

  /**
   * @param registryHosts value of {@link #REGISTRIES_VARIABLE}; null when it is not set
   * @throws Refusal {@code bad-host}
   */
  public NetworkPolicies(Database database, Journal journal, @Nullable String registryHosts) {
    this.database = database;
    this.journal = journal;
    this.registries = hosts(registryHosts == null ? "" : registryHosts);
  }

  private static List<HostPattern> hosts(String spelled) {
    return Stream.of(spelled.strip().split("[,\\s]+"))
        .filter(host -> !host.isEmpty())
        .map(HostPattern::new)
        .filter(host -> !host.any())
        .toList();
  }

  /** What holds for an agent now. */
  public NetworkPolicy of(OrgId org, AgentId agent) {
    return database.read(
        org, tx -> policy(agent, NetworkPolicyStore.find(tx, org, agent).orElse(NO_WORD)));
  }

  private NetworkPolicy policy(AgentId agent, NetworkPolicyStore.Row row) {
    List<NetworkRule> all = NetworkRules.all(row.own(), row.preset(), registries);
    return new NetworkPolicy(agent, row.preset(), row.own(), all);
  }

  /**
   * Sets the preset; rules of the agent's own stay.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public NetworkPolicy set(OrgId org, AgentId agent, Preset preset) {
    return change(org, agent, row -> new NetworkPolicyStore.Row(preset, row.own()));
  }

  /**
   * Puts a rule before all others, in place of one on the same host and port.
   *
   * @throws Refusal {@code agent-not-found}, {@code too-many-rules}
   */
  public NetworkPolicy add(OrgId org, AgentId agent, NetworkRule rule) {
    return change(
        org,
        agent,
        row -> {
          List<NetworkRule> own = new ArrayList<>(row.own());
          own.removeIf(known -> samePlace(known, rule));
          own.addFirst(rule);
          if (own.size() > MOST_RULES) {
            throw Refusal.badInput(
                "too-many-rules", "An agent has up to %d network rules.", MOST_RULES);
          }
          return new NetworkPolicyStore.Row(row.preset(), own);
        });
  }

  private static boolean samePlace(NetworkRule one, NetworkRule other) {
    return one.host().equals(other.host()) && java.util.Objects.equals(one.port(), other.port());
  }

  /**
   * Removes the agent's own rules on a host.
   *
   * @throws Refusal {@code agent-not-found}, {@code network-rule-not-found}
   */
  public NetworkPolicy remove(OrgId org, AgentId agent, HostPattern host) {
    return change(
        org,
        agent,
        row -> {
          List<NetworkRule> own =
              row.own().stream().filter(rule -> !rule.host().equals(host)).toList();
          if (own.size() == row.own().size()) {
            throw new Refusal(
                Refusal.Kind.NOT_FOUND,
                "network-rule-not-found",
                "The agent has no network rule on "
                    + host
                    + ". See them with: rookery network show <agent>");
          }
          return new NetworkPolicyStore.Row(row.preset(), own);
        });
  }

  private NetworkPolicy change(
      OrgId org, AgentId agent, UnaryOperator<NetworkPolicyStore.Row> edit) {
    return database.write(
        org,
        tx -> {
          Agents.requireExists(tx, org, agent);
          NetworkPolicyStore.Row row =
              edit.apply(NetworkPolicyStore.lock(tx, org, agent).orElse(NO_WORD));
          NetworkPolicyStore.put(tx, org, agent, row);
          var data = Json.object().put("preset", row.preset().label());
          row.own().forEach(rule -> data.withArray("/rules").add(rule.sentence()));
          journal.append(
              tx, org, new JournalEntry("network.changed", agent.value(), null, data).of(agent));
          return policy(agent, row);
        });
  }

  /**
   * How far a tool of the agent may go at this place. Rules that name the host count; the one on
   * all hosts is for sandboxes, as calls of tools have rules of their own.
   *
   * @throws Refusal {@code host-denied} when a rule that names the host denies it
   */
  public Reach forTool(OrgId org, AgentId agent, WebAddress address) {
    NetworkRule rule = of(org, agent).decide(address.host(), address.port());
    if (rule.host().any()) {
      return Reach.PUBLIC;
    }
    if (!rule.allow()) {
      throw Refusal.badInput(
          "host-denied",
          "The network rule '%s' forbids this agent to call %s.",
          rule.sentence(),
          address.host());
    }
    return rule.reach();
  }
}
