package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import java.time.InstantSource;

/** How activation policies look in the API. */
final class PolicyView {
  private final Agents agents;
  private final InstantSource clock;

  PolicyView(Agents agents, InstantSource clock) {
    this.agents = agents;
    this.clock = clock;
  }

  /** As it is stored, with its agent's handle and how it stands now. */
  ObjectNode of(ActivationPolicy policy) {
    return PolicyCodec.write(policy)
        .put("agent", agents.find(policy.org(), policy.agent()).map(Agent::handle).orElse(null))
        .put("state", state(policy))
        .put("created_at", Times.made(policy.id()));
  }

  /** {@code on}, {@code paused} or {@code disabled}. A pause that has ended is none. */
  String state(ActivationPolicy policy) {
    Pause pause = policy.standing().pauseAt(clock.instant());
    return !policy.standing().enabled() ? "disabled" : pause == null ? "on" : "paused";
  }
}
