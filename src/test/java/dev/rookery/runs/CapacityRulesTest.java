package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.runs.CapacityRules.AgentDemand;
import dev.rookery.runs.CapacityRules.Demand;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class CapacityRulesTest {
  @Test
  void whoever_runs_least_is_served_first() {
    assertThat(
            CapacityRules.share(
                3, 100, List.of(new Demand("big", 1_000, 3), new Demand("small", 5, 0))))
        .isEqualTo(Map.of("small", 3));
    assertThat(
            CapacityRules.share(
                9, 100, List.of(new Demand("big", 1_000, 3), new Demand("small", 5, 0))))
        .isEqualTo(Map.of("big", 4, "small", 5));
  }

  @Property
  void places_are_given_within_the_caps_and_none_is_wasted(
      @ForAll("demands") List<Demand> demands,
      @ForAll @IntRange(max = 40) int free,
      @ForAll @IntRange(min = 1, max = 20) int perOrg) {
    Map<String, Integer> shares = CapacityRules.share(free, perOrg, demands);

    int usable = demands.stream().mapToInt(d -> usable(d, perOrg)).sum();
    assertThat(shares.values().stream().mapToInt(n -> n).sum()).isEqualTo(Math.min(free, usable));
    assertThat(shares.values()).allMatch(n -> n > 0);
    assertThat(demands)
        .allMatch(d -> shares.getOrDefault(d.org(), 0) <= usable(d, perOrg), "within its caps");
  }

  @Property
  void nobody_gets_a_place_while_one_with_two_fewer_still_waits(
      @ForAll("demands") List<Demand> demands,
      @ForAll @IntRange(max = 40) int free,
      @ForAll @IntRange(min = 1, max = 20) int perOrg) {
    Map<String, Integer> shares = CapacityRules.share(free, perOrg, demands);

    for (Demand poor : demands) {
      int given = shares.getOrDefault(poor.org(), 0);
      if (given < usable(poor, perOrg)) {
        assertThat(demands)
            .filteredOn(rich -> shares.containsKey(rich.org()))
            .allMatch(
                rich ->
                    rich.running() + shares.getOrDefault(rich.org(), 0)
                        <= poor.running() + given + 1);
      }
    }
  }

  private static int usable(Demand demand, int perOrg) {
    return Math.clamp((long) perOrg - demand.running(), 0, demand.ready());
  }

  @Provide
  Arbitrary<List<Demand>> demands() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 30), Arbitraries.integers().between(0, 25))
        .as((ready, running) -> new Demand("", ready, running))
        .list()
        .ofMaxSize(6)
        .map(
            list ->
                IntStream.range(0, list.size())
                    .mapToObj(
                        i -> new Demand("org" + i, list.get(i).ready(), list.get(i).running()))
                    .toList());
  }

  @Test
  void runs_that_their_agents_cannot_take_are_no_demand() {
    List<AgentDemand> agents =
        List.of(
            new AgentDemand("a", "full", 1_000, 16, 0),
            new AgentDemand("a", "busy", 5, 14, 0),
            new AgentDemand("b", "over", 9, 20, 9));

    assertThat(CapacityRules.demands(agents, 16)).containsExactly(new Demand("a", 2, 30));
  }
}
