package dev.rookery.policy;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RuleId;
import org.jspecify.annotations.Nullable;

/**
 * A grant that is in force.
 *
 * @param agent null when it is on every agent of the organization
 * @param createdBy who set it, as people say it
 * @param createdAt epoch milliseconds
 */
public record StoredGrant(
    RuleId id, @Nullable AgentId agent, Grant grant, String createdBy, long createdAt) {}
