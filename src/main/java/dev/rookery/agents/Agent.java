package dev.rookery.agents;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import org.jspecify.annotations.Nullable;

public record Agent(
    OrgId org,
    AgentId id,
    String handle,
    String name,
    String instructions,
    @Nullable String model,
    boolean enabled) {}
