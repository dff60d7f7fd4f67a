package dev.rookery.inbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * One fact that came in.
 *
 * @param target the agent that an API or CLI call names directly
 * @param trust {@code member}, {@code contact} or {@code unknown}: who vouches for the sender
 */
public record Event(
    OrgId org,
    EventId id,
    Inbound what,
    @Nullable AgentId target,
    String trust,
    long receivedAt,
    Dispatch dispatch) {

  /** How far it got: {@code pending → dispatched | dead}. */
  public record Dispatch(String state, int attempts, @Nullable String error) {}
}
