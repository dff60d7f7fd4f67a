package dev.rookery.activation;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One agent in front of one event and one policy.
 *
 * @param handle what it is named by after {@code @}, without the sign
 * @param mayRead whether it may read the place of the event (the integration serves it)
 * @param defaultAddressee whether it answers when the bot is addressed and no agent is named
 * @param lastWokeAt when this policy last woke it; null for never
 * @param activeRun the running or waiting run of this conversation and agent
 * @param queuedRun the newest run of this conversation and agent that has not started
 */
public record AgentFacts(
    AgentId id,
    String handle,
    boolean enabled,
    boolean mayRead,
    boolean defaultAddressee,
    @Nullable Instant lastWokeAt,
    @Nullable RunId activeRun,
    @Nullable QueuedRun queuedRun) {

  /** A run that has not started, and how many inputs it already holds. */
  public record QueuedRun(RunId run, int inputs) {}
}
