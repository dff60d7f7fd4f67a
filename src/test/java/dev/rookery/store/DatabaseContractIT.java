package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every transaction may rely on, whichever engine is underneath. */
@BothEngines
final class DatabaseContractIT {
  private static final int THREADS = 64;

  private final TestDatabase db;
  private final Database database;
  private final OrgId org;

  DatabaseContractIT(TestDatabase db) {
    this.db = db;
    this.database = db.database();
    this.org = db.newOrg();
  }

  @Test
  void a_commit_is_read_by_the_next_transaction() {
    int rows = database.write(org, tx -> Rows.member(tx, org, "ada"));

    assertThat(rows).isEqualTo(1);
    assertThat(count()).isEqualTo(1);
    assertThat(database.<Integer>write(org, tx -> Rows.members(tx, org))).isEqualTo(1);
  }

  @Test
  void a_transaction_reads_its_own_writes() {
    int seen =
        database.write(
            org,
            tx -> {
              Rows.member(tx, org, "ada");
              return Rows.members(tx, org);
            });

    assertThat(seen).isEqualTo(1);
  }

  @Test
  void a_refusal_leaves_nothing_behind_and_reaches_the_caller_as_it_is() {
    Refusal refusal = Refusal.badInput("no", "No.");

    assertThatThrownBy(
            () ->
                database.write(
                    org,
                    tx -> {
                      Rows.member(tx, org, "ada");
                      throw refusal;
                    }))
        .isSameAs(refusal);
    assertThat(count()).isZero();
  }

  @Test
  void a_broken_statement_fails_its_transaction_and_no_later_one() {
    assertThatThrownBy(
            () ->
                database.write(
                    org,
                    tx -> {
                      Rows.member(tx, org, "ada");
                      return tx.handle().execute("INSERT INTO no_such_table VALUES (1)");
                    }))
        .hasMessageContaining("no_such_table");

    database.write(org, tx -> Rows.member(tx, org, "bob"));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void an_open_transaction_is_seen_by_nobody() {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    CompletableFuture<Integer> writer =
        CompletableFuture.supplyAsync(
            () ->
                database.write(
                    org,
                    tx -> {
                      int rows = Rows.member(tx, org, "ada");
                      written.countDown();
                      Together.await(mayCommit);
                      return rows;
                    }));

    Together.await(written);
    assertThat(count()).isZero();
    mayCommit.countDown();
    writer.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void a_read_sees_one_snapshot_even_when_others_commit_meanwhile() {
    List<Integer> seen =
        database.read(
            org,
            tx -> {
              int before = Rows.members(tx, org);
              CompletableFuture.supplyAsync(
                      () -> database.<Integer>write(org, other -> Rows.member(other, org, "ada")))
                  .orTimeout(10, TimeUnit.SECONDS)
                  .join();
              return List.of(before, Rows.members(tx, org));
            });

    assertThat(seen).containsExactly(0, 0);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void a_read_cannot_write() {
    assertThatThrownBy(() -> database.read(org, tx -> Rows.member(tx, org, "ada")))
        .isInstanceOf(RuntimeException.class);
    assertThat(count()).isZero();
  }

  @Test
  void what_64_threads_were_told_is_durable_after_reopening() {
    List<String> told =
        Together.on(
            THREADS,
            i -> {
              database.write(org, tx -> Rows.member(tx, org, "m" + i));
              return "m" + i;
            });

    Database reopened = db.reopen();
    assertThat(told)
        .hasSize(THREADS)
        .allMatch(label -> reopened.read(org, tx -> Rows.hasMember(tx, org, label)));
  }

  @Test
  void one_failing_transaction_does_not_fail_those_around_it() {
    List<Boolean> committed = Together.on(THREADS, i -> commitUnlessNumber13(i));

    assertThat(committed).filteredOn(ok -> !ok).hasSize(1);
    assertThat(committed.get(13)).isFalse();
    assertThat(count()).isEqualTo(THREADS - 1);
    assertThat(database.<Boolean>read(org, tx -> Rows.hasMember(tx, org, "m13"))).isFalse();
  }

  private boolean commitUnlessNumber13(int i) {
    try {
      return database.write(
          org,
          tx -> {
            Rows.member(tx, org, "m" + i);
            if (i == 13) {
              return tx.handle().execute("INSERT INTO org (id) VALUES (NULL)") > 0;
            }
            return true;
          });
    } catch (StorageUnavailable e) {
      throw e;
    } catch (RuntimeException expected) {
      return false;
    }
  }

  @Test
  void a_duplicate_is_answered_only_when_the_first_is_durable() {
    List<Integer> inserted =
        Together.on(
            THREADS,
            _ -> {
              int rows = database.write(org, tx -> Rows.member(tx, org, "same"));
              boolean visible = database.read(org, tx -> Rows.hasMember(tx, org, "same"));
              assertThat(visible).as("visible to a new snapshot once answered").isTrue();
              return rows;
            });

    assertThat(inserted).filteredOn(rows -> rows == 1).hasSize(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void after_commit_actions_run_once_and_only_when_the_commit_stands() {
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger(-1);
    database.write(
        org,
        tx -> {
          tx.afterCommit(ran::incrementAndGet);
          tx.afterCommit(() -> seen.set(count()));
          return Rows.member(tx, org, "ada");
        });
    assertThatThrownBy(
            () ->
                database.write(
                    org,
                    tx -> {
                      tx.afterCommit(ran::incrementAndGet);
                      throw Refusal.badInput("no", "No.");
                    }))
        .isInstanceOf(Refusal.class);

    assertThat(ran).hasValue(1);
    assertThat(seen).as("members visible to the action").hasValue(1);
  }

  @Test
  void an_after_commit_action_that_throws_does_not_undo_the_answer() {
    AtomicInteger ran = new AtomicInteger();

    int rows =
        database.write(
            org,
            tx -> {
              tx.afterCommit(
                  () -> {
                    throw new IllegalStateException("broken listener");
                  });
              tx.afterCommit(ran::incrementAndGet);
              return Rows.member(tx, org, "ada");
            });

    assertThat(rows).isEqualTo(1);
    assertThat(ran).hasValue(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void actions_at_commit_take_part_in_the_transaction() {
    assertThatThrownBy(
            () ->
                database.write(
                    org,
                    tx -> {
                      tx.atCommit(
                          () -> {
                            throw Refusal.badInput("late", "Too late.");
                          });
                      return Rows.member(tx, org, "ada");
                    }))
        .isInstanceOf(Refusal.class);

    assertThat(count()).isZero();
  }

  @Test
  void counting_up_under_contention_loses_nothing() {
    Together.on(
        16,
        _ -> {
          for (int n = 0; n < 10; n++) {
            database.write(
                org,
                tx ->
                    tx.handle()
                        .execute(
                            """
                            INSERT INTO journal_head (org_id, seq) VALUES (?, 1)
                            ON CONFLICT (org_id) DO UPDATE SET seq = journal_head.seq + 1
                            """,
                            org.value()));
          }
          return true;
        });

    long total =
        database.read(
            org,
            tx ->
                tx.handle()
                    .createQuery("SELECT seq FROM journal_head WHERE org_id = :org")
                    .bind("org", org.value())
                    .mapTo(Long.class)
                    .one());
    assertThat(total).isEqualTo(160);
  }

  @Test
  void the_clock_of_a_transaction_is_the_databases() {
    long before = database.read(org, Tx::now);
    db.clock().advance(Duration.ofMinutes(5));

    assertThat(database.<Long>write(org, Tx::now)).isEqualTo(before + 300_000);
  }

  @Test
  void a_closed_database_says_so() {
    TestDatabase other = TestDatabases.fresh(db.engine());
    try (other) {
      Database closed = other.database();
      closed.close();
      assertThatThrownBy(() -> closed.write(org, Tx::now)).isInstanceOf(StorageUnavailable.class);
      assertThatThrownBy(() -> closed.read(org, Tx::now)).isInstanceOf(StorageUnavailable.class);
    }
  }

  @Test
  void reads_from_many_threads_do_not_wait_for_a_writer() {
    CountDownLatch mayCommit = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Integer> writer =
        CompletableFuture.supplyAsync(
            () ->
                database.write(
                    org,
                    tx -> {
                      started.countDown();
                      Together.await(mayCommit);
                      return Rows.member(tx, org, "ada");
                    }));
    Together.await(started);

    List<Integer> counts = Together.on(16, _ -> count());

    mayCommit.countDown();
    writer.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(counts).isEqualTo(IntStream.range(0, 16).mapToObj(_ -> 0).toList());
  }

  private int count() {
    return database.read(org, tx -> Rows.members(tx, org));
  }
}
