package dev.rookery.activation;

import dev.rookery.kernel.PolicyId;
import org.jspecify.annotations.Nullable;

/**
 * A policy that an event is to be decided for, with its agent.
 *
 * @param answer of the policy's gate
 * @param takenBy the policy through which the agent took this event before, at an earlier look;
 *     null when none did
 */
public record Candidate(
    ActivationPolicy policy, AgentFacts agent, GateAnswer answer, @Nullable PolicyId takenBy) {
  public Candidate {
    if (!policy.agent().equals(agent.id())) {
      throw new IllegalArgumentException(
          "policy " + policy.id() + " belongs to " + policy.agent() + ", not to " + agent.id());
    }
  }

  /** At the first look at an event. */
  public Candidate(ActivationPolicy policy, AgentFacts agent) {
    this(policy, agent, GateAnswer.UNASKED, null);
  }
}
