package dev.rookery.inbox;

import dev.rookery.kernel.IntegrationId;
import org.jspecify.annotations.Nullable;

/**
 * A thread in a channel.
 *
 * @param channel type of the channel, or null for conversations inside Rookery (terminal, API)
 * @param address where replies go, in the channel's own spelling
 * @param clearedAt what is older is not shown to the model any more; epoch milliseconds
 */
public record Conversation(
    String key,
    @Nullable IntegrationId integration,
    @Nullable String channel,
    String address,
    String name,
    boolean direct,
    long clearedAt) {}
