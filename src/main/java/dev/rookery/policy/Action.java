package dev.rookery.policy;

import java.util.List;
import java.util.Set;

/** One call, as the rules see it. */
public record Action(String tool, Set<Capability> capabilities, List<Demand> demands) {
  public Action {
    capabilities = Set.copyOf(capabilities);
    demands = List.copyOf(demands);
  }
}
