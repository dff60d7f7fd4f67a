package dev.rookery.overview;

/**
 * One thing in the world that was seen through an integration: a chat, a channel, a repository.
 *
 * @param id the other side's
 * @param name of its conversation, one of them when there are several
 * @param lastAt when something last came in from it, epoch milliseconds
 */
public record Resource(
    String integration, String channel, String id, String name, int conversations, long lastAt) {}
