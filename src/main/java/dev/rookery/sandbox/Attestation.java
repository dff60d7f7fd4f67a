package dev.rookery.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.sandbox.confinement.Tier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a command found that looked at its own confinement (spec 03, attestation). Stored with each
 * run.
 *
 * @param namespaces those that differ from the host's, by kind, with their numbers
 * @param capabilities effective ones, as the kernel writes them; all zero is none
 * @param seccomp 2 when a filter is on
 * @param canaryHidden a file of the host that anybody may read could not be read
 * @param loopbackHidden a port on the host's loopback could not be reached
 * @param at epoch milliseconds
 */
public record Attestation(
    Tier tier,
    Map<String, String> namespaces,
    String capabilities,
    boolean noNewPrivileges,
    int seccomp,
    boolean canaryHidden,
    boolean loopbackHidden,
    long at) {
  private static final Set<String> NEEDED = Set.of("user", "mnt", "net", "pid", "ipc", "uts");

  public Attestation {
    namespaces = Map.copyOf(namespaces);
  }

  /** Whether all is as the tier promises. The plain tier promises nothing, so it never holds. */
  public boolean holds() {
    boolean confined =
        capabilities.matches("0+")
            && noNewPrivileges
            && seccomp == 2
            && canaryHidden
            && loopbackHidden;
    return switch (tier) {
      case BWRAP -> confined && namespaces.keySet().containsAll(NEEDED);
      case LANDLOCK -> confined;
      case PLAIN -> false;
    };
  }

  /** {@code {tier, attested, namespaces, cap_eff, no_new_privs, seccomp, …}}. */
  public ObjectNode json() {
    ObjectNode json = Json.object().put("tier", tier.label()).put("attested", holds());
    ObjectNode spaces = json.putObject("namespaces");
    new TreeMap<>(namespaces).forEach(spaces::put);
    return json.put("cap_eff", capabilities)
        .put("no_new_privs", noNewPrivileges)
        .put("seccomp", seccomp)
        .put("canary_hidden", canaryHidden)
        .put("loopback_hidden", loopbackHidden)
        .put("at", at);
  }
}
