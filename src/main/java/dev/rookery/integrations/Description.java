package dev.rookery.integrations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import java.util.List;
import java.util.SortedSet;

/**
 * An integration as people may see it.
 *
 * @param secretsSet which secret fields have a value; never the values
 */
public record Description(
    IntegrationId id,
    String channel,
    String name,
    ObjectNode config,
    SortedSet<String> secretsSet,
    List<AgentId> agents,
    boolean enabled) {}
