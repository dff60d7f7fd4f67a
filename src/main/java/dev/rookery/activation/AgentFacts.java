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
 * @param past what the policy did before
 * @param load what the agent has to do
 */
public record AgentFacts(
    AgentId id,
    String handle,
    boolean enabled,
    boolean mayRead,
    boolean defaultAddressee,
    Past past,
    Load load) {

  /**
   * What a policy did before, as far as its limits ask for it.
   *
   * @param lastWokeAt when it last woke the agent; null for never
   * @param messagesSince lines of this conversation since it last woke the agent here; null for
   *     never
   * @param wakes within the window of its rate limit
   */
  public record Past(@Nullable Instant lastWokeAt, @Nullable Integer messagesSince, int wakes) {
    public static final Past NONE = new Past(null, null, 0);
  }

  /**
   * What the agent has to do already.
   *
   * @param activeRun the running or waiting run of this conversation and agent
   * @param queuedRun the newest run of this conversation and agent that has not started
   * @param full why no run can be queued now, as a sentence; null when one can
   */
  public record Load(
      @Nullable RunId activeRun, @Nullable QueuedRun queuedRun, @Nullable String full) {
    public static final Load IDLE = new Load(null, null, null);
  }

  /** A run that has not started, and how many inputs it already holds. */
  public record QueuedRun(RunId run, int inputs) {}
}
