package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.NodeId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@BothEngines
final class LeasesIT {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final TestDatabase db;
  private final Leases leases;
  private final NodeId here = NodeId.next();
  private final NodeId there = NodeId.next();
  private final String name = "poll:" + NodeId.next();

  LeasesIT(TestDatabase db) {
    this.db = db;
    this.leases = new Leases(db.database());
  }

  @Test
  void one_node_holds_a_lease_at_a_time() {
    assertThat(leases.acquire(name, here, LEASE)).isTrue();
    assertThat(leases.acquire(name, there, LEASE)).isFalse();
    assertThat(leases.acquire(name, here, LEASE)).as("again by its holder").isTrue();
    assertThat(leases.acquire(name + "2", there, LEASE)).as("another lease").isTrue();
  }

  @Test
  void a_lease_that_ran_out_is_taken_over_and_cannot_be_renewed_by_its_old_holder() {
    leases.acquire(name, here, LEASE);
    db.clock().advance(LEASE.minusMillis(1));
    assertThat(leases.acquire(name, there, LEASE)).isFalse();
    db.clock().advance(Duration.ofMillis(1));

    assertThat(leases.renew(name, here, LEASE)).as("after its end, even unclaimed").isFalse();
    assertThat(leases.acquire(name, there, LEASE)).isTrue();
    assertThat(leases.renew(name, here, LEASE)).isFalse();
    assertThat(leases.acquire(name, here, LEASE)).isFalse();
  }

  @Test
  void renewing_counts_from_now() {
    leases.acquire(name, here, LEASE);
    db.clock().advance(Duration.ofSeconds(20));
    assertThat(leases.renew(name, here, LEASE)).isTrue();
    db.clock().advance(Duration.ofSeconds(20));

    assertThat(leases.acquire(name, there, LEASE)).isFalse();
  }

  @Test
  void a_released_lease_is_free_at_once_and_only_its_holder_releases_it() {
    leases.acquire(name, here, LEASE);
    leases.release(name, there);
    assertThat(leases.acquire(name, there, LEASE)).isFalse();

    leases.release(name, here);
    leases.release(name, here);
    assertThat(leases.acquire(name, there, LEASE)).isTrue();
  }

  @Test
  void of_many_nodes_that_ask_at_once_one_gets_it() {
    List<Boolean> got = Together.on(24, _ -> leases.acquire(name, NodeId.next(), LEASE));

    assertThat(got).filteredOn(held -> held).hasSize(1);
  }
}
