package dev.rookery.agents;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * A durable identity. Its id tells when it was made.
 *
 * @param handle how people write it, unique in its organization
 * @param model spelled {@code provider/model}; null means the default of the organization
 * @param updatedAt epoch milliseconds
 */
public record Agent(
    OrgId org,
    AgentId id,
    String handle,
    String name,
    String instructions,
    @Nullable String model,
    boolean enabled,
    long updatedAt) {}
