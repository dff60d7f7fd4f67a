package dev.rookery.egress;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.Refusal;
import dev.rookery.secrets.Secrets;
import dev.rookery.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The way out of sandboxes: for each one a Unix socket that speaks the protocol of HTTP proxies.
 * {@code CONNECT} makes a tunnel to an allowed host, whose TLS greeting must ask for that very
 * host. A request with {@code http://} is sent on over https unless a rule permits plain http, and
 * is where secrets are put in: what a sandbox holds is their names.
 */
public final class EgressProxy implements AutoCloseable {
  private final Trade trade;
  private final Set<GuardedDoor> doors = ConcurrentHashMap.newKeySet();

  /**
   * @param head time for a request line with headers, and for a TLS greeting
   * @param idle time without a byte after which a tunnel is closed
   * @param maxBytes of one answer or tunnel, both directions together
   * @param connections at once, per sandbox
   */
  public record Limits(Duration head, Duration idle, long maxBytes, int connections) {
    public static final Limits USUAL =
        new Limits(Duration.ofSeconds(20), Duration.ofMinutes(5), 10L << 30, 64);
  }

  /** What every conversation needs. */
  record Trade(
      WayOut way,
      Database database,
      Journal journal,
      Limits limits,
      ScheduledThreadPoolExecutor clock) {}

  public EgressProxy(WayOut way, Database database, Journal journal, Limits limits) {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("egress-clock").factory());
    clock.setRemoveOnCancelPolicy(true);
    this.trade = new Trade(way, database, journal, limits, clock);
  }

  /**
   * Opens the way out for one sandbox. Close the door when the sandbox ends; that writes the sums
   * to the journal.
   *
   * @param socket where to listen; at most 100 bytes long, as the system has it, mode 0600
   * @param uid owner of the socket; null leaves it to this process
   * @throws Refusal {@code egress-socket}
   */
  public GuardedDoor open(Secrets.User user, Path socket, @Nullable Integer uid) {
    try {
      GuardedDoor door = new GuardedDoor(trade, user, socket, doors::remove);
      doors.add(door);
      door.begin(uid);
      return door;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "egress-socket",
          "The way out of the sandbox cannot be opened at "
              + socket
              + " ("
              + e
              + "); choose a data directory with a shorter path, or set the network to lockdown.");
    }
  }

  @Override
  public void close() {
    doors.forEach(GuardedDoor::close);
    trade.clock().shutdownNow();
  }
}
