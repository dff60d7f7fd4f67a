package dev.rookery.orgs;

import dev.rookery.kernel.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * A tenant.
 *
 * @param model default model of its agents, spelled {@code provider/model}; null means the server's
 * @param createdAt epoch milliseconds
 */
public record Org(OrgId id, String name, @Nullable String model, long createdAt) {}
