package dev.rookery.store;

import dev.rookery.kernel.NodeId;
import java.time.Duration;

/**
 * Named leases: of all nodes at most one does a job, such as polling a bot, and another takes over
 * when it is gone. Time is the database's.
 */
public final class Leases {
  private final Database database;

  public Leases(Database database) {
    this.database = database;
  }

  /**
   * Takes the lease when it is free, has run out, or is the node's own.
   *
   * @return whether the node holds it for the next {@code duration}
   */
  public boolean acquire(String name, NodeId node, Duration duration) {
    return database.writeAcrossOrgs(
        tx -> LeaseStore.acquire(tx, name, node.value(), tx.now() + duration.toMillis()) == 1);
  }

  /**
   * Holds it for longer, counted from now.
   *
   * @return false when it ran out or another took it: stop at once
   */
  public boolean renew(String name, NodeId node, Duration duration) {
    return database.writeAcrossOrgs(
        tx -> LeaseStore.renew(tx, name, node.value(), tx.now() + duration.toMillis()) == 1);
  }

  /** Gives it back, so that another need not wait for its end. Nothing happens unless held. */
  public void release(String name, NodeId node) {
    database.writeAcrossOrgs(tx -> LeaseStore.release(tx, name, node.value()));
  }
}
