package dev.rookery.audit;

import static dev.rookery.audit.Deeds.ADA;
import static dev.rookery.audit.Deeds.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.audit.Verification.Broken;
import dev.rookery.audit.Verification.Flaw;
import dev.rookery.audit.Verification.Whole;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain shows what was done to it. */
@BothEngines
final class TamperIT {
  private final Database database;
  private final Audit audit;
  private final OrgId org;
  private final Deeds deeds;

  TamperIT(TestDatabase db) {
    this.database = db.database();
    this.audit = new Audit(database);
    this.org = db.newOrg();
    this.deeds = new Deeds(database, org);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at = at + 1",
        "actor_kind = 'member'",
        "actor_id = 'key_other'",
        "actor_name = 'nobody'",
        "action = 'thing.removed'",
        "subject = 'thing_9'",
        "data = '{}'",
        "prev_hash = hash",
        "hash = prev_hash"
      })
  void a_changed_column_is_found(String change) {
    deeds.five();
    tamper("UPDATE audit SET " + change + " WHERE org_id = :org AND seq = 3");

    assertBroken(3, Flaw.CHANGED);
  }

  @Test
  void a_record_that_was_changed_and_hashed_anew_is_found() {
    deeds.five();
    AuditRecord third = audit.find(org, 3);
    AuditRecord forged =
        AuditChain.next(
            org,
            new Deed(ADA, "thing.forged", "thing_3", Json.object()),
            third.at(),
            new AuditChain.Head(2, third.link().previous()));
    tamper(
        "UPDATE audit SET actor_kind = '%s', actor_id = '%s', actor_name = '%s', action = '%s', data = '%s', hash = '%s' WHERE org_id = :org AND seq = 3"
            .formatted(
                forged.who().kind(),
                forged.who().id(),
                forged.who().name(),
                forged.action(),
                forged.data(),
                forged.link().hash()));

    assertBroken(4, Flaw.UNLINKED);
  }

  @Test
  void a_deleted_record_is_found_at_the_beginning_in_the_middle_and_at_the_end() {
    deeds.five();
    tamper("DELETE FROM audit WHERE org_id = :org AND seq = 5");
    assertBroken(5, Flaw.CUT_OFF);
    tamper("DELETE FROM audit WHERE org_id = :org AND seq = 3");
    assertBroken(3, Flaw.GAP);
    tamper("DELETE FROM audit WHERE org_id = :org AND seq = 1");
    assertBroken(1, Flaw.GAP);
    tamper("DELETE FROM audit WHERE org_id = :org");
    assertBroken(1, Flaw.CUT_OFF);
  }

  @Test
  void records_in_another_order_are_found() {
    deeds.five();
    tamper("UPDATE audit SET seq = 99 WHERE org_id = :org AND seq = 2");
    tamper("UPDATE audit SET seq = 2 WHERE org_id = :org AND seq = 3");
    tamper("UPDATE audit SET seq = 3 WHERE org_id = :org AND seq = 99");

    assertBroken(2, Flaw.CHANGED);
  }

  @Test
  void a_forged_head_is_found() {
    deeds.five();
    tamper("UPDATE audit_head SET hash = '%s' WHERE org_id = :org".formatted("f".repeat(64)));
    assertBroken(5, Flaw.HEAD);
    tamper("UPDATE audit_head SET seq = 3 WHERE org_id = :org");
    assertBroken(4, Flaw.HEAD);
    tamper("DELETE FROM audit_head WHERE org_id = :org");
    assertBroken(1, Flaw.HEAD);
  }

  @Test
  void what_was_noted_elsewhere_finds_an_end_that_was_cut_off_together_with_the_head() {
    deeds.five();
    Audit.Anchor noted = new Audit.Anchor(5, audit.find(org, 5).link().hash());
    assertThat(audit.verify(org, noted)).isInstanceOf(Whole.class);
    String hash = audit.find(org, 4).link().hash();
    tamper("DELETE FROM audit WHERE org_id = :org AND seq = 5");
    tamper("UPDATE audit_head SET seq = 4, hash = '%s' WHERE org_id = :org".formatted(hash));

    assertThat(audit.verify(org)).isEqualTo(new Whole(4, hash));
    assertBroken(5, Flaw.ANCHOR, noted);
    deeds.act(KEY, org, "thing.changed", "other");
    assertBroken(5, Flaw.ANCHOR, noted);
  }

  @Test
  void a_chain_longer_than_a_page_is_walked_to_its_end() {
    deeds.five();
    AuditRecord last = audit.find(org, 5);
    assertThat(new Walk(database, org, null, 2).verify())
        .isEqualTo(new Whole(5, last.link().hash()));
    tamper("UPDATE audit SET action = 'x' WHERE org_id = :org AND seq = 4");
    assertThat(new Walk(database, org, null, 2).verify()).isInstanceOf(Broken.class);
  }

  @Test
  void the_database_itself_refuses_to_change_or_delete_records() {
    deeds.five();
    for (String sql :
        List.of(
            "UPDATE audit SET action = 'x' WHERE org_id = :org",
            "DELETE FROM audit WHERE org_id = :org",
            "DELETE FROM audit_head WHERE org_id = :org",
            "UPDATE audit_head SET seq = 2 WHERE org_id = :org")) {
      assertThatThrownBy(() -> run(sql)).as(sql).hasMessageContaining("append-only");
    }
    if (database.dialect() == Dialect.POSTGRESQL) {
      assertThatThrownBy(() -> run("TRUNCATE audit")).hasMessageContaining("append-only");
      assertThatThrownBy(() -> run("TRUNCATE audit_head")).hasMessageContaining("append-only");
    }
    assertThat(audit.verify(org)).isInstanceOf(Whole.class);
  }

  private void assertBroken(long seq, Flaw flaw) {
    assertBroken(seq, flaw, null);
  }

  private void assertBroken(long seq, Flaw flaw, Audit.@Nullable Anchor anchor) {
    Verification found = audit.verify(org, anchor);
    assertThat(found).isInstanceOf(Broken.class);
    assertThat(((Broken) found).seq()).as(found.toString()).isEqualTo(seq);
    assertThat(((Broken) found).flaw()).as(found.toString()).isEqualTo(flaw);
  }

  private int run(String sql) {
    return database.write(
        org,
        tx -> {
          var update = tx.handle().createUpdate(sql);
          return (sql.contains(":org") ? update.bind("org", org.value()) : update).execute();
        });
  }

  /** As somebody who owns the database can: without its triggers. */
  private void tamper(String sql) {
    List<String> triggers =
        database.dialect() == Dialect.SQLITE
            ? List.of("audit_no_update", "audit_no_delete", "audit_head_grows", "audit_head_stays")
            : List.of();
    database.write(
        org,
        tx -> {
          List<String> made =
              triggers.stream()
                  .map(
                      t ->
                          tx.handle()
                              .createQuery("SELECT sql FROM sqlite_master WHERE name = :name")
                              .bind("name", t)
                              .mapTo(String.class)
                              .one())
                  .toList();
          triggers.forEach(t -> tx.handle().execute("DROP TRIGGER " + t));
          if (database.dialect() == Dialect.POSTGRESQL) {
            tx.handle().execute("ALTER TABLE audit DISABLE TRIGGER USER");
            tx.handle().execute("ALTER TABLE audit_head DISABLE TRIGGER USER");
          }
          assertThat(tx.handle().createUpdate(sql).bind("org", org.value()).execute()).isPositive();
          if (database.dialect() == Dialect.POSTGRESQL) {
            tx.handle().execute("ALTER TABLE audit ENABLE TRIGGER USER");
            tx.handle().execute("ALTER TABLE audit_head ENABLE TRIGGER USER");
          }
          made.forEach(create -> tx.handle().execute(create));
          return org;
        });
  }
}
