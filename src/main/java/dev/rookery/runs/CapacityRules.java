package dev.rookery.runs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares free places between organizations: whoever runs least is served first, one place at a
 * time.
 */
final class CapacityRules {
  private CapacityRules() {}

  /**
   * An organization that waits: how many of its runs could start, and how many run on this node.
   */
  record Demand(String org, int ready, int running) {}

  /**
   * What one agent could use. A run that may not start, because another one of its conversation is
   * not over, is not ready.
   *
   * @param noted ready runs that show the reason why they wait
   */
  record AgentDemand(String org, String agent, int ready, int running, int noted) {
    int usable(int perAgent) {
      return Math.clamp((long) perAgent - running, 0, ready);
    }
  }

  /** Organizations that could use a place now: beyond its agents' caps there is no demand. */
  static List<Demand> demands(List<AgentDemand> agents, int perAgent) {
    Map<String, Demand> demands = new LinkedHashMap<>();
    for (AgentDemand agent : agents) {
      Demand one = new Demand(agent.org(), agent.usable(perAgent), agent.running());
      demands.merge(agent.org(), one, CapacityRules::sum);
    }
    return demands.values().stream().filter(d -> d.ready() > 0).toList();
  }

  private static Demand sum(Demand one, Demand other) {
    return new Demand(one.org(), one.ready() + other.ready(), one.running() + other.running());
  }

  /**
   * @param free places left on this node
   * @param perOrg most runs one organization may have at once
   * @return places per organization, only those with at least one; the sum is at most {@code free}
   */
  static Map<String, Integer> share(int free, int perOrg, List<Demand> demands) {
    List<Demand> waiting = new ArrayList<>(demands);
    Map<String, Integer> shares = new LinkedHashMap<>();
    for (int left = free; left > 0; left--) {
      waiting.removeIf(
          d -> given(shares, d) >= d.ready() || given(shares, d) + d.running() >= perOrg);
      if (waiting.isEmpty()) {
        break;
      }
      Demand poorest =
          waiting.stream()
              .min(Comparator.comparingInt((Demand d) -> given(shares, d) + d.running()))
              .orElseThrow();
      shares.merge(poorest.org(), 1, Integer::sum);
    }
    return shares;
  }

  private static int given(Map<String, Integer> shares, Demand demand) {
    return shares.getOrDefault(demand.org(), 0);
  }
}
