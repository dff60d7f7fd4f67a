package dev.rookery.sandbox.confinement;

import java.nio.file.Path;
import java.util.Map;

/** What a command reaches. The host's network is never shared. */
public sealed interface Network {
  Network OFF = new Off();

  /** Nothing but its own loopback. */
  record Off() implements Network {}

  /** Requests through an egress proxy, which is opened for the command and closed with it. */
  record Proxied(Opener opener) implements Network {}

  /**
   * An open proxy.
   *
   * @param socket where it listens on the host; seen as {@code /run/rookery/egress.sock}
   * @param prelude lines for {@code sh} that make it reachable for programs, run before the command
   * @param environment in which programs find it
   */
  record Proxy(Path socket, String prelude, Map<String, String> environment) implements Network {
    public Proxy {
      environment = Map.copyOf(environment);
    }
  }

  /** Opens the way out of one command. */
  interface Opener {
    /**
     * @param socket where to listen; its directory lets pass only those who know the name
     * @param user who is to connect
     * @throws dev.rookery.kernel.Refusal when there is no way out on this machine
     */
    Opened open(Path socket, int user);
  }

  /** Open until it is closed. */
  interface Opened extends AutoCloseable {
    Proxy proxy();

    @Override
    void close();
  }
}
