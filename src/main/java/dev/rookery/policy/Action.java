package dev.rookery.policy;

import java.util.List;
import java.util.Set;

/**
 * One exact call, as the policy sees it.
 *
 * @param demands what the call would touch; none is the same as one {@link Demand.Plain}
 * @param staysInside whether all that it carries out goes to the conversation that the run answers,
 *     or to places that an operator chose
 */
public record Action(
    String tool, Set<Capability> capabilities, List<Demand> demands, boolean staysInside) {
  public Action {
    capabilities = Set.copyOf(capabilities);
    demands = demands.isEmpty() ? List.of(new Demand.Plain()) : List.copyOf(demands);
  }

  public Action(String tool, Set<Capability> capabilities, List<Demand> demands) {
    this(tool, capabilities, demands, false);
  }

  /** Whether it may carry what the run holds to another place. */
  boolean leavesTheRun() {
    return !staysInside && capabilities.stream().anyMatch(Capability::leavesTheRun);
  }
}
