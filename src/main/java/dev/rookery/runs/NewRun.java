package dev.rookery.runs;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.time.Duration;

/**
 * A run about to be queued; made by dispatch only.
 *
 * @param delay it does not start sooner than this
 * @param deadline from now, after which it fails
 */
public record NewRun(
    RunId id,
    AgentId agent,
    ActivationId activation,
    String conversation,
    String mode,
    int depth,
    Duration delay,
    Duration deadline) {}
