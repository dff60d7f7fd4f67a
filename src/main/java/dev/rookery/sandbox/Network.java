package dev.rookery.sandbox;

import java.nio.file.Path;

/** What a command reaches. The host's network is never shared. */
public sealed interface Network {
  Network OFF = new Off();

  /** Nothing but its own loopback. */
  record Off() implements Network {}

  /**
   * Requests through an egress proxy.
   *
   * @param socket where the proxy listens on the host, made in {@link Sandboxes#sockets()}; seen as
   *     {@code /run/rookery/egress.sock}
   */
  record Proxy(Path socket) implements Network {}
}
