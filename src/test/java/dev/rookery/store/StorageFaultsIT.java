package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.TestClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk full and database gone: a clear error, nothing lost, and it goes on by itself. */
final class StorageFaultsIT {
  private static final String LARGE = "x".repeat(100_000);

  @Test
  void a_full_disk_is_reported_loses_nothing_and_heals() {
    try (TestDatabase db = TestDatabases.fresh(Engine.SQLITE)) {
      Database database = db.database();
      OrgId org = db.newOrg();
      database.write(org, tx -> Rows.member(tx, org, "before"));
      long pages = database.writeAcrossOrgs(tx -> pragma(tx, "page_count"));
      database.writeAcrossOrgs(tx -> pragma(tx, "max_page_count = " + (pages + 4)));

      assertThatThrownBy(() -> database.write(org, tx -> Rows.member(tx, org, LARGE)))
          .isInstanceOf(StorageUnavailable.class)
          .hasMessageContaining("full");
      assertThat(members(database, org)).isEqualTo(1);

      database.writeAcrossOrgs(tx -> pragma(tx, "max_page_count = 1000000"));
      database.write(org, tx -> Rows.member(tx, org, LARGE));
      assertThat(members(db.reopen(), org)).isEqualTo(2);
    }
  }

  @Test
  void on_a_full_disk_small_transactions_of_the_same_group_still_commit_or_are_refused_whole() {
    try (TestDatabase db = TestDatabases.fresh(Engine.SQLITE)) {
      Database database = db.database();
      OrgId org = db.newOrg();
      long pages = database.writeAcrossOrgs(tx -> pragma(tx, "page_count"));
      database.writeAcrossOrgs(tx -> pragma(tx, "max_page_count = " + (pages + 6)));

      List<Boolean> stored =
          Together.on(32, i -> stores(database, org, i % 4 == 0 ? LARGE + i : "small" + i));

      assertThat(stored).contains(true, false);
      long told = stored.stream().filter(ok -> ok).count();
      assertThat(members(db.reopen(), org)).isEqualTo((int) told);
    }
  }

  private static boolean stores(Database database, OrgId org, String label) {
    try {
      return database.<Integer>write(org, tx -> Rows.member(tx, org, label)) == 1;
    } catch (StorageUnavailable expected) {
      return false;
    }
  }

  @Test
  void terminated_connections_are_replaced() {
    TestPostgres server = TestPostgres.shared();
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId org = db.newOrg();
      String terminateAll =
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
              + TestPostgres.ROLE
              + "' AND datname = '"
              + databaseName(database)
              + "'";

      assertThatThrownBy(
              () ->
                  database.write(
                      org,
                      tx -> {
                        Rows.member(tx, org, "lost");
                        server.execute(terminateAll);
                        return Rows.member(tx, org, "never");
                      }))
          .isInstanceOf(StorageUnavailable.class);

      untilItWorks(() -> database.write(org, tx -> Rows.member(tx, org, "after")));
      assertThat(members(database, org)).isEqualTo(1);
    }
  }

  @Test
  void a_transaction_that_lost_a_conflict_runs_again_and_its_actions_run_once() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId org = db.newOrg();
      AtomicInteger attempts = new AtomicInteger();
      AtomicInteger actions = new AtomicInteger();

      database.write(
          org,
          tx -> {
            tx.afterCommit(actions::incrementAndGet);
            int rows = Rows.member(tx, org, "ada");
            if (attempts.incrementAndGet() < 3) {
              tx.handle()
                  .execute("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$");
            }
            return rows;
          });

      assertThat(attempts).hasValue(3);
      assertThat(actions).hasValue(1);
      assertThat(members(database, org)).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_stops_and_comes_back_is_used_again(@TempDir Path directory)
      throws IOException {
    TestPostgres.shared();
    EmbeddedPostgres first = startOn(directory, 0);
    TestPostgres.createRole(first);
    TestPostgres.execute(first, "CREATE DATABASE rookery OWNER rookery");
    OrgId org = OrgId.next();
    try (Database database =
        Databases.postgres(TestPostgres.settings(first, "rookery"), new TestClock())) {
      database.writeAcrossOrgs(
          tx -> {
            Rows.org(tx, org);
            return Rows.member(tx, org, "before");
          });

      first.close();
      assertThatThrownBy(() -> database.write(org, tx -> Rows.member(tx, org, "meanwhile")))
          .isInstanceOf(StorageUnavailable.class);

      try (EmbeddedPostgres second = startOn(directory, first.getPort())) {
        assertThat(second.getPort()).isEqualTo(first.getPort());
        untilItWorks(() -> database.write(org, tx -> Rows.member(tx, org, "after")));
        assertThat(members(database, org)).isEqualTo(2);
      }
    }
  }

  private static EmbeddedPostgres startOn(Path directory, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false);
    return TestPostgres.start(port == 0 ? builder : builder.setPort(port));
  }

  /** What callers do: the same work again while storage is unavailable. */
  private static void untilItWorks(Runnable work) {
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        return;
      } catch (StorageUnavailable e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  private static String databaseName(Database database) {
    return database.readAcrossOrgs(
        tx -> tx.handle().createQuery("SELECT current_database()").mapTo(String.class).one());
  }

  private static long pragma(Tx tx, String pragma) {
    return tx.handle().createQuery("PRAGMA " + pragma).mapTo(Long.class).one();
  }

  private static int members(Database database, OrgId org) {
    return database.read(org, tx -> Rows.members(tx, org));
  }
}
