package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import org.jspecify.annotations.Nullable;

/** One attempt of one agent at one activation. */
public record Run(
    RunId id,
    OrgId org,
    AgentId agent,
    String conversation,
    String activation,
    Status status,
    Lease lease,
    Times times) {

  /**
   * How it stands.
   *
   * @param waitReason why it does not move now, such as {@code capacity_agent} or {@code
   *     model_rate_limited}
   * @param failureReason label of a {@link FailureReason} when it failed
   * @param outcome one sentence when it is over
   */
  public record Status(
      RunState state,
      @Nullable String waitReason,
      @Nullable String failureReason,
      @Nullable String outcome) {}

  /** Who works on it. {@code attempts} counts owners that vanished. */
  public record Lease(long fence, @Nullable String owner, int attempts) {}

  /** Epoch milliseconds; 0 for what has not happened. */
  public record Times(long created, long started, long finished, long wake, long deadline) {}
}
