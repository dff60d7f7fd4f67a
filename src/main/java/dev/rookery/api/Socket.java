package dev.rookery.api;

import java.util.Map;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that another room serves.
 *
 * @param path without parameters, such as {@code /ws}
 */
public record Socket(String path, Opening opening, Gauges gauges) {
  /** Decides about an upgrade, before there is a socket. */
  public interface Opening {
    /**
     * @param origin header Origin, which browsers send
     * @param host header Host
     * @param key an API key that was recognised, or null when the upgrade came without one
     * @return who listens to the new socket
     * @throws dev.rookery.kernel.Refusal becomes the answer to the upgrade
     */
    Session.Listener open(@Nullable String origin, @Nullable String host, @Nullable String key);
  }

  /** What metrics show. Cheap, from any thread. */
  public interface Gauges {
    /** Sockets that are open now. */
    int open();

    /** How many were closed since the start, by reason. */
    Map<String, Long> closed();
  }
}
