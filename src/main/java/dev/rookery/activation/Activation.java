package dev.rookery.activation;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import org.jspecify.annotations.Nullable;

/**
 * The stored decision for one event and one policy.
 *
 * @param decision such as {@code woke} or {@code skipped}
 * @param run the run that took the event, if one did
 * @param at epoch milliseconds
 */
public record Activation(
    ActivationId id,
    EventId event,
    PolicyId policy,
    AgentId agent,
    String decision,
    Decision.Reason reason,
    @Nullable RunId run,
    long at) {}
