package dev.rookery.api;

import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.IntegrationId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Integrations as webhooks look them up. What was read is believed for a second, so a change made
 * on any node holds everywhere after that. Unknown ids are not remembered: strangers choose them.
 */
final class IntegrationCache {
  private static final long BELIEVED_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MAX = 10_000;

  private final Integrations integrations;
  private final ConcurrentHashMap<String, Read> reads = new ConcurrentHashMap<>();

  private record Read(Integration integration, long at) {}

  IntegrationCache(Integrations integrations) {
    this.integrations = integrations;
  }

  /** An enabled integration of this channel. */
  Optional<Integration> find(String channel, String id) {
    Read read = reads.get(id);
    if (read == null || System.nanoTime() - read.at() > BELIEVED_NANOS) {
      read = read(id);
    }
    return Optional.ofNullable(read)
        .map(Read::integration)
        .filter(found -> found.enabled() && found.channel().equals(channel));
  }

  private @Nullable Read read(String id) {
    long now = System.nanoTime();
    Integration found =
        Ids.matches("int", id) ? integrations.locate(new IntegrationId(id)).orElse(null) : null;
    if (found == null) {
      reads.remove(id);
      return null;
    }
    Read read = new Read(found, now);
    if (reads.size() >= MAX) {
      reads.clear();
    }
    reads.put(id, read);
    return read;
  }
}
