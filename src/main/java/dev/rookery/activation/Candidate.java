package dev.rookery.activation;

/** A policy that an event is to be decided for, with its agent. */
public record Candidate(ActivationPolicy policy, AgentFacts agent) {
  public Candidate {
    if (!policy.agent().equals(agent.id())) {
      throw new IllegalArgumentException(
          "policy " + policy.id() + " belongs to " + policy.agent() + ", not to " + agent.id());
    }
  }
}
