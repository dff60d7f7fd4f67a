package dev.rookery.streams;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;

/** Which part of an organization's journal a subscription shows. */
public sealed interface Scope {
  record Everything() implements Scope {}

  /** What is about the run, or names it, as deliveries and approvals do. */
  record OfRun(RunId run) implements Scope {}

  /**
   * @param key of the conversation, as records carry it
   */
  record OfConversation(String key) implements Scope {}

  /** What the agent did, and what was changed about it. */
  record OfAgent(AgentId agent) implements Scope {}
}
