package dev.rookery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The journal is gapless, in commit order and append-only. */
@BothEngines
final class JournalContractIT {
  private static final int WRITERS = 32;
  private static final int EACH = 15;

  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final OrgId org;

  JournalContractIT(TestDatabase db) {
    this.db = db;
    this.database = db.database();
    this.journal = new Journal(database);
    this.org = db.newOrg();
  }

  @Test
  void numbers_are_gapless_and_a_follower_misses_nothing_under_concurrent_writers()
      throws Exception {
    List<OrgId> orgs = List.of(db.newOrg(), db.newOrg(), db.newOrg());
    List<CompletableFuture<List<JournalRecord>>> followers =
        orgs.stream()
            .map(o -> CompletableFuture.supplyAsync(() -> follow(o, written(orgs.indexOf(o)))))
            .toList();

    Together.on(
        WRITERS,
        writer -> {
          for (int n = 0; n < EACH; n++) {
            append(orgs.get(writer % 3), "writer" + writer, n);
          }
          return true;
        });

    for (int i = 0; i < orgs.size(); i++) {
      List<JournalRecord> seen = followers.get(i).get(30, TimeUnit.SECONDS);
      assertThat(seen)
          .extracting(JournalRecord::seq)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, written(i)).boxed().toList());
      assertThat(perWriter(seen)).allSatisfy((_, numbers) -> assertThat(numbers).isSorted());
    }
  }

  private static int written(int orgIndex) {
    int writers = (int) LongStream.range(0, WRITERS).filter(w -> w % 3 == orgIndex).count();
    return writers * EACH * 2;
  }

  private static Map<String, List<Integer>> perWriter(List<JournalRecord> records) {
    Map<String, List<Integer>> result = new java.util.TreeMap<>();
    for (JournalRecord record : records) {
      result
          .computeIfAbsent(record.entry().subject(), _ -> new ArrayList<>())
          .add(record.entry().data().path("n").asInt());
    }
    return result;
  }

  /** Reads as a live view does: always what is after the last number seen. */
  private List<JournalRecord> follow(OrgId which, int expected) {
    List<JournalRecord> seen = new ArrayList<>();
    long last = 0;
    try {
      while (seen.size() < expected) {
        List<JournalRecord> next = journal.await(which, last, 1_000, Duration.ofSeconds(20));
        if (next.isEmpty()) {
          return seen;
        }
        seen.addAll(next);
        last = seen.getLast().seq();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return seen;
  }

  private void append(OrgId which, String subject, int n) {
    database.write(
        which,
        tx -> {
          journal.append(tx, which, entry(subject, 2 * n));
          journal.append(tx, which, entry(subject, 2 * n + 1));
          return n;
        });
  }

  private static JournalEntry entry(String subject, int n) {
    return new JournalEntry("test.happened", subject, null, Json.object().put("n", n));
  }

  @Test
  void a_transaction_that_fails_leaves_no_entry_and_no_gap() {
    append(org, "a", 0);
    assertThatThrownBy(
            () ->
                database.write(
                    org,
                    tx -> {
                      journal.append(tx, org, entry("b", 1));
                      throw Refusal.badInput("no", "No.");
                    }))
        .isInstanceOf(Refusal.class);
    append(org, "c", 2);

    assertThat(journal.after(org, 0, 100))
        .extracting(r -> r.entry().subject())
        .containsExactly("a", "a", "c", "c");
    assertThat(journal.head(org)).isEqualTo(4);
  }

  @Test
  void a_transaction_across_organizations_records_each_entry_in_its_own() {
    OrgId other = db.newOrg();
    database.writeAcrossOrgs(
        tx -> {
          journal.append(tx, org, entry("mine", 1));
          journal.append(tx, other, entry("theirs", 1));
          journal.append(tx, org, entry("mine too", 2));
          return true;
        });

    assertThat(journal.after(org, 0, 10))
        .extracting(r -> r.entry().subject())
        .containsExactly("mine", "mine too");
    assertThat(journal.after(other, 0, 10))
        .extracting(r -> r.entry().subject())
        .containsExactly("theirs");
  }

  @Test
  void entries_cannot_be_changed() {
    append(org, "a", 0);

    assertThatThrownBy(
            () ->
                database.write(org, tx -> tx.handle().execute("UPDATE journal SET subject = 'b'")))
        .hasMessageContaining("append-only");
    assertThat(journal.about(org, "a", 10)).hasSize(2);
  }

  @Test
  void after_gives_the_given_number_of_records_and_the_time_of_the_database() {
    append(org, "a", 0);
    append(org, "a", 1);

    List<JournalRecord> page = journal.after(org, 1, 2);

    assertThat(page).extracting(JournalRecord::seq).containsExactly(2L, 3L);
    assertThat(page).allMatch(r -> r.at() == db.clock().millis());
  }

  @Test
  void a_listener_hears_of_each_commit_and_not_after_it_was_closed() {
    AtomicInteger heard = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    try (Signals.Subscription _ =
        journal.onCommit(
            org,
            () -> {
              heard.incrementAndGet();
              first.countDown();
            })) {
      append(org, "a", 0);
      Together.await(first);
    }
    append(org, "a", 1);

    assertThat(heard).hasValue(1);
  }

  @Test
  void large_bodies_are_stored_once_and_read_back_whole() {
    String large = "ä".repeat(20_000);
    List<String> references =
        database.write(
            org, tx -> List.of(Blobs.store(tx, org, large), Blobs.store(tx, org, large)));

    assertThat(references.getFirst()).isEqualTo(references.getLast()).hasSizeLessThan(100);
    assertThat(database.<String>read(org, tx -> Blobs.load(tx, org, references.getFirst())))
        .isEqualTo(large);
    for (String tricky : List.of("", "short", "blob:sha256:00", "text:x")) {
      String stored = database.write(org, tx -> Blobs.store(tx, org, tricky));
      assertThat(database.<String>read(org, tx -> Blobs.load(tx, org, stored))).isEqualTo(tricky);
    }
  }
}
