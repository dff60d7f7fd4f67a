package dev.rookery.delivery;

import dev.rookery.kernel.NodeId;
import dev.rookery.ops.Loop;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Serves the outbox: claims what may go, one in flight per conversation, and reconciles what was
 * left behind.
 */
public final class DeliveryLoop implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int IN_FLIGHT = 64;
  private static final int RECONCILE_EVERY = 20;

  private final Database database;
  private final Courier courier;
  private final NodeId node;
  private final Semaphore places = new Semaphore(IN_FLIGHT);
  private final ExecutorService carriers = Executors.newVirtualThreadPerTaskExecutor();
  private final Loop loop;
  private int rounds;

  DeliveryLoop(Database database, Courier courier, NodeId node) {
    this.database = database;
    this.courier = courier;
    this.node = node;
    if (database.dialect() == Dialect.SQLITE) {
      database.writeAcrossOrgs(OutboxStore::expireAll);
    }
    this.loop = Loop.start("outbox", POLL, this::round);
  }

  /** There may be something to send. */
  public void wake() {
    loop.wake();
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(loop);
  }

  private boolean round() {
    if (rounds++ % RECONCILE_EVERY == 0) {
      reconcile();
    }
    int free = places.availablePermits();
    if (free == 0) {
      return false;
    }
    List<Delivery> claimed = claim(free);
    for (Delivery delivery : claimed) {
      places.acquireUninterruptibly();
      carriers.execute(() -> carry(delivery));
    }
    return !claimed.isEmpty();
  }

  /** Looks before it claims: an idle node writes nothing. */
  private List<Delivery> claim(int limit) {
    boolean any = database.readAcrossOrgs(OutboxStore::anyReady);
    return any
        ? database.writeAcrossOrgs(
            tx -> OutboxStore.claim(tx, node.value(), LEASE.toMillis(), limit))
        : List.of();
  }

  private void carry(Delivery delivery) {
    try {
      courier.carry(delivery);
    } finally {
      places.release();
      loop.wake();
    }
  }

  private void reconcile() {
    List<Delivery> stale = database.readAcrossOrgs(tx -> OutboxStore.stale(tx, LEASE.toMillis()));
    stale.forEach(courier::reconcile);
  }

  @Override
  public void close() {
    loop.close();
    carriers.close();
  }
}
