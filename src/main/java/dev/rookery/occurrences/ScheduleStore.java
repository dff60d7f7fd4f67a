package dev.rookery.occurrences;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code schedule}: how far each schedule's ledger is, and when to look at it again. */
final class ScheduleStore {
  private static final RowMapper<Row> ROW =
      (row, _) ->
          new Row(
              new OrgId(row.getString("org_id")),
              new PolicyId(row.getString("policy_id")),
              row.getLong("watermark"),
              row.getLong("reconciled_to"),
              row.getLong("since"),
              row.getLong("anchor"),
              row.getLong("counted_from"),
              row.getInt("failing") == 1);

  private ScheduleStore() {}

  /**
   * A schedule's row; epoch milliseconds.
   *
   * @param watermark every time up to here has a verdict
   * @param reconciledTo up to here that was checked
   * @param since the timetable holds
   * @param anchor of an interval that names none
   * @param countedFrom failures before this are forgotten
   * @param failing people were told that it fails
   */
  record Row(
      OrgId org,
      PolicyId policy,
      long watermark,
      long reconciledTo,
      long since,
      long anchor,
      long countedFrom,
      boolean failing) {

    static Row fresh(OrgId org, PolicyId policy, long now) {
      return new Row(org, policy, now, now, now, now, now, false);
    }

    Row at(long mark) {
      return new Row(org, policy, mark, reconciledTo, since, anchor, countedFrom, failing);
    }

    /** Another timetable: what was before is not its business. */
    Row from(long now) {
      return new Row(org, policy, now, now, now, anchor, countedFrom, failing);
    }

    Row countingFrom(long now) {
      return new Row(org, policy, watermark, reconciledTo, since, anchor, now, failing);
    }
  }

  /** A schedule that wants to be looked at. */
  record Due(OrgId org, PolicyId policy) {
    static final RowMapper<Due> ROW =
        (row, _) ->
            new Due(new OrgId(row.getString("org_id")), new PolicyId(row.getString("policy_id")));
  }

  static void insert(Tx tx, OrgId org, Row row, @Nullable Long lookAt) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO schedule (org_id, policy_id, look_at, watermark, reconciled_to, since, anchor, counted_from, failing)
            VALUES (:org, :policy, :look, :watermark, :reconciled, :since, :anchor, :counted, 0)
            """)
        .bind("org", org.value())
        .bind("policy", row.policy().value())
        .bind("look", lookAt)
        .bind("watermark", row.watermark())
        .bind("reconciled", row.reconciledTo())
        .bind("since", row.since())
        .bind("anchor", row.anchor())
        .bind("counted", row.countedFrom())
        .execute();
  }

  /** All but whether people were told that it fails. */
  static void update(Tx tx, OrgId org, Row row, @Nullable Long lookAt) {
    tx.handle()
        .createUpdate(
            """
            UPDATE schedule SET look_at = :look, watermark = :watermark, reconciled_to = :reconciled, since = :since,
              counted_from = :counted
            WHERE org_id = :org AND policy_id = :policy
            """)
        .bind("org", org.value())
        .bind("policy", row.policy().value())
        .bind("look", lookAt)
        .bind("watermark", row.watermark())
        .bind("reconciled", row.reconciledTo())
        .bind("since", row.since())
        .bind("counted", row.countedFrom())
        .execute();
  }

  static void setFailing(Tx tx, OrgId org, PolicyId policy, boolean failing) {
    tx.handle()
        .createUpdate(
            "UPDATE schedule SET failing = :failing WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("failing", failing ? 1 : 0)
        .execute();
  }

  static void lookAt(Tx tx, OrgId org, PolicyId policy, @Nullable Long lookAt) {
    tx.handle()
        .createUpdate(
            "UPDATE schedule SET look_at = :look WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("look", lookAt)
        .execute();
  }

  static void reconciled(Tx tx, OrgId org, PolicyId policy, long to) {
    tx.handle()
        .createUpdate(
            "UPDATE schedule SET reconciled_to = :to WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("to", to)
        .execute();
  }

  static void delete(Tx tx, OrgId org, PolicyId policy) {
    tx.handle()
        .createUpdate("DELETE FROM schedule WHERE org_id = :org AND policy_id = :policy")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .execute();
  }

  /** The row, kept from all others until commit; waits for whoever holds it. */
  static Optional<Row> lock(Tx tx, OrgId org, PolicyId policy) {
    return one(tx, org, policy, tx.dialect().lockRows());
  }

  static Optional<Row> find(Tx tx, OrgId org, PolicyId policy) {
    return one(tx, org, policy, "");
  }

  private static Optional<Row> one(Tx tx, OrgId org, PolicyId policy, String suffix) {
    return tx.handle()
        .createQuery("SELECT * FROM schedule WHERE org_id = :org AND policy_id = :policy" + suffix)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map(ROW)
        .findOne();
  }

  /** The row if it is still due and nobody else is at it; kept from all others until commit. */
  static Optional<Row> claim(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            "SELECT * FROM schedule WHERE org_id = :org AND policy_id = :policy AND look_at <= :now"
                + tx.dialect().skipLocked())
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("now", tx.now())
        .map(ROW)
        .findOne();
  }

  @SystemScope("the clock serves all organizations")
  static List<Due> due(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            "SELECT org_id, policy_id FROM schedule WHERE look_at <= :now ORDER BY look_at LIMIT :limit")
        .bind("now", tx.now())
        .bind("limit", limit)
        .map(Due.ROW)
        .list();
  }

  @SystemScope("at the start all schedules are looked at, whatever organization they belong to")
  static List<Due> all(Tx tx, String after, int limit) {
    return tx.handle()
        .createQuery(
            "SELECT org_id, policy_id FROM schedule WHERE policy_id > :after ORDER BY policy_id LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map(Due.ROW)
        .list();
  }

  @SystemScope("the reconciler serves all organizations")
  static List<Due> unreconciled(Tx tx, String after, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, policy_id FROM schedule WHERE reconciled_to < watermark AND policy_id > :after
            ORDER BY policy_id LIMIT :limit
            """)
        .bind("after", after)
        .bind("limit", limit)
        .map(Due.ROW)
        .list();
  }
}
