package dev.rookery.audit;

import static dev.rookery.audit.Deeds.ADA;
import static dev.rookery.audit.Deeds.KEY;
import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.audit.Verification.Whole;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The chain holds what was done, once, with who did it. */
@BothEngines
final class AuditIT {
  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final Audit audit;
  private final OrgId org;
  private final Deeds deeds;

  AuditIT(TestDatabase db) {
    this.db = db;
    this.database = db.database();
    this.journal = new Journal(database);
    this.audit = new Audit(database);
    this.org = db.newOrg();
    this.deeds = new Deeds(database, org);
  }

  private List<AuditRecord> all() {
    return audit.list(org, Audit.Filter.ALL, new Audit.Page(null, 200)).reversed();
  }

  @Test
  void a_deed_is_recorded_with_who_did_it_beside_its_journal_entry() {
    deeds.act(KEY, org, "policy.changed", "pol_1");
    deeds.act(Acting.SYSTEM, org, "policy.changed", "pol_2");
    deeds.act(KEY, org, "activation.decided", "evt_1");

    AuditRecord only = all().getFirst();
    assertThat(all()).hasSize(1);
    assertThat(only.seq()).isEqualTo(1);
    assertThat(only.at()).isEqualTo(db.clock().millis());
    assertThat(only.who()).isEqualTo(new AuditRecord.Who("key", KEY.id(), "ci"));
    assertThat(only.action()).isEqualTo("policy.changed");
    assertThat(only.subject()).isEqualTo("pol_1");
    assertThat(only.data()).isEqualTo("{\"a\":\"ä\\u0001\\n\",\"z\":1.5}");
    assertThat(journal.after(org, 0, 10)).hasSize(3);
    assertThat(audit.find(org, 1)).isEqualTo(only);
    refused("audit-record-not-found", () -> audit.find(org, 2));
    assertThat(audit.verify(org)).isEqualTo(new Whole(1, only.link().hash()));
  }

  @Test
  void the_actor_is_that_of_the_part_of_a_transaction_that_did_it() {
    database.write(
        org,
        tx -> {
          JournalEntry entry = new JournalEntry("thing.changed", "mine", null, Json.object());
          tx.as(ADA, () -> append(tx, entry));
          journal.append(tx, org, new JournalEntry("thing.changed", "x", null, Json.object()));
          return org;
        });

    assertThat(all()).extracting(AuditRecord::subject).containsExactly("mine");
    assertThat(all().getFirst().who().id()).isEqualTo("telegram:int_1:17");
  }

  private boolean append(dev.rookery.store.Tx tx, JournalEntry entry) {
    journal.append(tx, org, entry);
    return true;
  }

  @Test
  void an_aborted_transaction_leaves_nothing() {
    deeds.five();
    assertThatThrownBy(
            () ->
                Acting.as(
                    KEY,
                    () ->
                        database.write(
                            org,
                            tx -> {
                              append(tx, new JournalEntry("thing.lost", "x", null, Json.object()));
                              throw new IllegalStateException("no");
                            })))
        .hasMessageContaining("no");

    assertThat(all()).hasSize(5);
    assertThat(journal.after(org, 0, 10)).hasSize(5);
    assertThat(audit.verify(org)).isInstanceOf(Whole.class);
  }

  @Test
  void an_empty_chain_is_whole() {
    assertThat(audit.verify(org)).isEqualTo(new Whole(0, AuditChain.BEGINNING));
  }

  @Test
  void records_are_found_by_actor_action_subject_and_time() {
    Instant start = db.clock().instant();
    deeds.five();
    db.clock().advance(Duration.ofMinutes(1));
    deeds.act(KEY, org, "policy.created", "pol_1");

    assertThat(seqs(new Audit.Filter(KEY.id(), null, null, null, null)))
        .containsExactly(6L, 5L, 3L, 1L);
    assertThat(seqs(new Audit.Filter("contact", null, null, null, null))).containsExactly(4L, 2L);
    assertThat(seqs(new Audit.Filter(null, "policy.", null, null, null))).containsExactly(6L);
    assertThat(seqs(new Audit.Filter(null, "p%", null, null, null))).isEmpty();
    assertThat(seqs(new Audit.Filter(null, null, "thing_4", null, null))).containsExactly(4L);
    Instant later = start.plusSeconds(30);
    assertThat(seqs(new Audit.Filter(null, null, null, later, null))).containsExactly(6L);
    assertThat(seqs(new Audit.Filter(null, null, null, null, later))).hasSize(5);
    assertThat(audit.list(org, Audit.Filter.ALL, new Audit.Page(4L, 2)))
        .extracting(AuditRecord::seq)
        .containsExactly(3L, 2L);
    assertThat(audit.list(db.newOrg(), Audit.Filter.ALL, new Audit.Page(null, 9))).isEmpty();
  }

  private List<Long> seqs(Audit.Filter filter) {
    return audit.list(org, filter, new Audit.Page(null, 100)).stream()
        .map(AuditRecord::seq)
        .toList();
  }

  @Test
  void an_export_can_be_verified_by_its_description_alone() throws Exception {
    deeds.five();
    String before = "0".repeat(64);
    for (AuditRecord record : audit.after(org, 0, 100)) {
      Map<String, Object> line = new TreeMap<>();
      Json.parse(Json.write(AuditChain.exported(record)))
          .properties()
          .forEach(
              e ->
                  line.put(
                      e.getKey(),
                      e.getValue().isNumber() ? e.getValue().asLong() : e.getValue().asText()));
      Object hash = line.remove("hash");
      assertThat(line.get("prev_hash")).isEqualTo(before);
      assertThat(Digest.sha256(Json.mapper().writeValueAsString(line))).isEqualTo(hash);
      before = String.valueOf(hash);
    }
  }

  @Test
  void concurrent_writers_make_one_unbroken_chain_per_organization() {
    OrgId other = db.newOrg();
    Together.on(
        16,
        writer -> {
          for (int i = 0; i < 20; i++) {
            deeds.act(
                writer % 2 == 0 ? KEY : ADA, i % 2 == 0 ? org : other, "thing.changed", "t" + i);
          }
          return true;
        });

    assertThat(audit.verify(org))
        .isInstanceOf(Whole.class)
        .hasFieldOrPropertyWithValue("seq", 160L);
    assertThat(audit.verify(other)).hasFieldOrPropertyWithValue("seq", 160L);
    assertThat(journal.head(org)).isEqualTo(160);
  }

  @Test
  void a_transaction_across_organizations_lengthens_the_chain_of_each() {
    OrgId other = db.newOrg();
    Together.on(
        8,
        writer ->
            Acting.as(
                KEY,
                () ->
                    database.writeAcrossOrgs(
                        tx -> {
                          for (OrgId each :
                              writer % 2 == 0 ? List.of(org, other) : List.of(other, org)) {
                            journal.append(
                                tx,
                                each,
                                new JournalEntry("thing.changed", "x", null, Json.object()));
                          }
                          return true;
                        })));

    assertThat(audit.verify(org)).hasFieldOrPropertyWithValue("seq", 8L);
    assertThat(audit.verify(other)).hasFieldOrPropertyWithValue("seq", 8L);
  }

  @Test
  void what_is_very_large_is_named_by_its_digest() {
    Acting.as(
        KEY,
        () ->
            database.write(
                org,
                tx ->
                    append(
                        tx,
                        new JournalEntry(
                            "thing.made", "x", null, Json.object().put("t", "y".repeat(20_000))))));

    assertThat(all().getFirst().data()).contains("sha256", "20008");
    assertThat(audit.verify(org)).isInstanceOf(Whole.class);
  }
}
