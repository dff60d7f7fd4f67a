package dev.rookery.delivery;

import dev.rookery.kernel.ArtifactId;
import org.jspecify.annotations.Nullable;

/**
 * Something a run produced or an event brought along: a sent message, a file.
 *
 * @param kind {@code message} or {@code file}
 * @param size bytes
 * @param sha256 of the stored body, or null when the body is elsewhere
 * @param remoteId the other side's id
 * @param at epoch milliseconds
 */
public record Artifact(
    ArtifactId id,
    String kind,
    String name,
    String mediaType,
    long size,
    @Nullable String sha256,
    @Nullable String remoteId,
    long at) {}
