package dev.rookery.store;

/** Rows of {@code lease}. */
final class LeaseStore {
  private LeaseStore() {}

  /** Returns 1 when the owner holds the lease now. */
  @SystemScope("leases are between nodes, not tenants")
  static int acquire(Tx tx, String name, String owner, long until) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO lease (name, owner, until) VALUES (:name, :owner, :until)
            ON CONFLICT (name) DO UPDATE SET owner = :owner, until = :until
            WHERE lease.until <= :now OR lease.owner = :owner
            """)
        .bind("name", name)
        .bind("owner", owner)
        .bind("until", until)
        .bind("now", tx.now())
        .execute();
  }

  /** Returns 0 when the lease is another's or has run out. */
  @SystemScope("leases are between nodes, not tenants")
  static int renew(Tx tx, String name, String owner, long until) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE lease SET until = :until
            WHERE name = :name AND owner = :owner AND until > :now
            """)
        .bind("name", name)
        .bind("owner", owner)
        .bind("until", until)
        .bind("now", tx.now())
        .execute();
  }

  @SystemScope("leases are between nodes, not tenants")
  static int release(Tx tx, String name, String owner) {
    return tx.handle()
        .createUpdate("DELETE FROM lease WHERE name = :name AND owner = :owner")
        .bind("name", name)
        .bind("owner", owner)
        .execute();
  }
}
