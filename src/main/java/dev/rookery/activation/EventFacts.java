package dev.rookery.activation;

import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * One event as the decider sees it.
 *
 * @param type such as {@code message}, {@code message_edited}, {@code command}, {@code manual}
 * @param direct a place with one person, where everything is addressed to the agent
 * @param addressed the bot itself was mentioned or replied to
 * @param target the agent that an API or CLI chat or a manual call names directly; the event is for
 *     it alone, unless the text names others
 * @param resource the chat, channel or repository, by the remote side's id
 * @param facts what filters look at
 */
public record EventFacts(
    String type,
    String text,
    boolean direct,
    boolean addressed,
    @Nullable AgentId target,
    @Nullable String resource,
    Actor actor,
    Facts facts) {

  /**
   * Who caused it.
   *
   * @param id the remote side's id; an {@code agt_…} for agents
   * @param depth agents that answered agents before, 0 for people
   */
  public record Actor(Inbound.Actor.Kind kind, String id, int depth) {}
}
