package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.House;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import java.time.Duration;
import java.time.Instant;

/** Interval schedules, each of an agent of its own, spread evenly over the interval. */
final class Sowing {
  private static final int CALLERS = 64;

  private Sowing() {}

  static void sow(House house, OrgId org, int count, Duration every) throws InterruptedException {
    Callers.each(
        CALLERS,
        count,
        i -> {
          String handle = BenchEnvironment.HANDLE + "clock-" + i;
          Agent agent =
              house.agents.create(org, new NewAgent(handle, handle, "Answer briefly.", null));
          Instant anchor = Instant.EPOCH.plus(every.multipliedBy(i).dividedBy(count));
          house.activations.add(policy(agent, every, anchor));
        });
  }

  /** No run stands in the way of the next, so that nothing but the clock is measured. */
  private static ActivationPolicy policy(Agent agent, Duration every, Instant anchor) {
    ActivationPolicy usual =
        ActivationPolicy.of(agent.org(), agent.id(), "clock", Trigger.INTERVAL);
    ObjectNode config =
        Json.object()
            .put("every_ms", every.toMillis())
            .put("anchor", anchor.toString())
            .put("prompt", "Look around.")
            .put("overlap", "allow_all")
            .put("pause_after_failures", 0);
    return new ActivationPolicy(
        usual.id(),
        usual.org(),
        usual.agent(),
        usual.name(),
        new Wake(
            Trigger.INTERVAL, new Config(false, false, Json.canonical(config)), null, Gate.NONE),
        usual.scope(),
        usual.timing(),
        usual.standing());
  }
}
