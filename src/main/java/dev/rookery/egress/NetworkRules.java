package dev.rookery.egress;

import dev.rookery.kernel.HostPattern;
import java.util.ArrayList;
import java.util.List;

/** In order, the first rule that decides; the last is on all hosts (spec 03). */
final class NetworkRules {
  private static final List<String> GITHUB =
      List.of("github.com", "*.github.com", "*.githubusercontent.com", "ghcr.io");

  private static final NetworkRule NOWHERE = NetworkRule.deny("*");

  private NetworkRules() {}

  /**
   * All rules that hold, the last of them on all hosts.
   *
   * @param own of the agent; before those of the preset
   * @param registries hosts of package registries, for {@link Preset#DEVELOPMENT}
   */
  static List<NetworkRule> all(List<NetworkRule> own, Preset preset, List<HostPattern> registries) {
    List<NetworkRule> rules = new ArrayList<>(own);
    switch (preset) {
      case LOCKDOWN -> rules.add(NOWHERE);
      case GITHUB_ONLY -> {
        GITHUB.forEach(host -> rules.add(NetworkRule.allow(host)));
        rules.add(NOWHERE);
      }
      case DEVELOPMENT -> {
        GITHUB.forEach(host -> rules.add(NetworkRule.allow(host)));
        registries.forEach(host -> rules.add(NetworkRule.allow(host.text())));
        rules.add(NOWHERE);
      }
      case UNRESTRICTED -> rules.add(NetworkRule.allow("*"));
    }
    return List.copyOf(rules);
  }

  /** The rule that decides about a host (lower case ASCII) and a port; denies what none allows. */
  static NetworkRule decide(List<NetworkRule> rules, String host, int port) {
    return rules.stream().filter(rule -> rule.decides(host, port)).findFirst().orElse(NOWHERE);
  }
}
