package dev.rookery.occurrences;

import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.occurrences.Occurrence.Outcome;
import dev.rookery.occurrences.Occurrence.Result;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.occurrences.Occurrence.Span;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Rows of {@code occurrence}. The run is found through the activation of the row's event. */
final class OccurrenceStore {
  private static final RowMapper<Occurrence> ROW = (row, _) -> occurrence(row);
  private static final String SELECT =
      """
      SELECT o.*, a.run_id FROM occurrence o
      LEFT JOIN activation a ON a.event_id = o.event_id AND a.policy_id = o.policy_id
      """;

  /** What has fired, or is about to, and is not over: read from the run, not from its result. */
  private static final String OPEN =
      """
      FROM occurrence o WHERE o.org_id = :org AND o.policy_id = :policy AND o.result IS NULL
      AND (o.event_id IS NULL
        OR EXISTS (
          SELECT 1 FROM event e WHERE e.org_id = o.org_id AND e.id = o.event_id AND e.dispatch = 'pending')
        OR EXISTS (
          SELECT 1 FROM activation a JOIN run r ON r.org_id = a.org_id AND r.id = a.run_id
          WHERE a.event_id = o.event_id AND a.policy_id = o.policy_id
          AND r.state IN ('queued', 'running', 'waiting_permission')))
      """;

  private OccurrenceStore() {}

  /** A line to be: when it is to fire, or its event if it has fired. */
  record Entry(
      PolicyId policy,
      Span span,
      Ruling ruling,
      boolean byHand,
      @Nullable Long fireAt,
      @Nullable EventId event) {
    static Entry of(PolicyId policy, Span span, Ruling ruling) {
      return new Entry(policy, span, ruling, false, null, null);
    }
  }

  /** False when that time has a verdict already. */
  static boolean insert(Tx tx, OrgId org, Entry entry) {
    return insertAll(tx, org, List.of(entry)).getFirst();
  }

  /** For each whether it is new: a time that has a verdict keeps it. */
  static List<Boolean> insertAll(Tx tx, OrgId org, List<Entry> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                INSERT INTO occurrence (org_id, policy_id, nominal_at, last_at, count, verdict, reason, by_hand, fire_at,
                  event_id, result, decided_at)
                VALUES (:org, :policy, :nominal, :last, :count, :verdict, :reason, :hand, :fire, :event, :result, :now)
                ON CONFLICT (policy_id, nominal_at) DO NOTHING
                """);
    for (Entry entry : entries) {
      batch
          .bind("org", org.value())
          .bind("policy", entry.policy().value())
          .bind("nominal", entry.span().nominal().toEpochMilli())
          .bind("last", entry.span().last().toEpochMilli())
          .bind("count", entry.span().count())
          .bind("verdict", entry.ruling().verdict().spelled())
          .bind("reason", entry.ruling().reason())
          .bind("hand", entry.byHand() ? 1 : 0)
          .bind("fire", entry.fireAt())
          .bind("event", entry.event() == null ? null : entry.event().value())
          .bind("result", entry.ruling().verdict().fires() ? null : Result.NONE.spelled())
          .bind("now", tx.now())
          .add();
    }
    return Arrays.stream(batch.execute()).mapToObj(inserted -> inserted == 1).toList();
  }

  /** A time that did not fire is to fire after all. */
  static void revive(Tx tx, OrgId org, PolicyId policy, Instant nominal) {
    tx.handle()
        .createUpdate(
            """
            UPDATE occurrence SET verdict = 'backfilled', reason = 'backfill', fire_at = :now, result = NULL, decided_at = :now
            WHERE org_id = :org AND policy_id = :policy AND nominal_at = :nominal
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("nominal", nominal.toEpochMilli())
        .bind("now", tx.now())
        .execute();
  }

  static void delete(Tx tx, OrgId org, PolicyId policy, Instant nominal) {
    tx.handle()
        .createUpdate(
            "DELETE FROM occurrence WHERE org_id = :org AND policy_id = :policy AND nominal_at = :nominal")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("nominal", nominal.toEpochMilli())
        .execute();
  }

  static void fired(Tx tx, OrgId org, PolicyId policy, Instant nominal, EventId event) {
    tx.handle()
        .createUpdate(
            """
            UPDATE occurrence SET fire_at = NULL, event_id = :event
            WHERE org_id = :org AND policy_id = :policy AND nominal_at = :nominal
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("nominal", nominal.toEpochMilli())
        .bind("event", event.value())
        .execute();
  }

  /** What waits to fire does not any more. By hand it is nobody's time, so it keeps its verdict. */
  static int dropWaiting(Tx tx, OrgId org, PolicyId policy, Ruling ruling) {
    return tx.handle()
        .createUpdate(
            """
            UPDATE occurrence SET verdict = :verdict, reason = :reason, fire_at = NULL, result = 'none'
            WHERE org_id = :org AND policy_id = :policy AND result IS NULL AND event_id IS NULL
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("verdict", ruling.verdict().spelled())
        .bind("reason", ruling.reason())
        .execute();
  }

  /**
   * What has fired, or waits to, and is not over is cancelled in favour of a later time.
   *
   * @param firedOnly what waits to fire goes on waiting
   */
  static void supersede(Tx tx, OrgId org, PolicyId policy, String reason, boolean firedOnly) {
    tx.handle()
        .createUpdate(
            """
            UPDATE occurrence SET fire_at = NULL, result = 'cancelled', result_reason = :reason
            WHERE org_id = :org AND policy_id = :policy AND result IS NULL
            AND (event_id IS NOT NULL OR :fired = 0)
            """)
        .bind("fired", firedOnly ? 1 : 0)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("reason", reason)
        .execute();
  }

  /** Those that wait are looked at again then. */
  static void postpone(Tx tx, OrgId org, PolicyId policy, long until) {
    tx.handle()
        .createUpdate(
            """
            UPDATE occurrence SET fire_at = :until
            WHERE org_id = :org AND policy_id = :policy AND result IS NULL AND fire_at IS NOT NULL
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("until", until)
        .execute();
  }

  static long open(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery("SELECT COUNT(*) " + OPEN)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .mapTo(Long.class)
        .one();
  }

  /** As {@link #open}, of those that have fired. */
  static boolean anyFiredOpen(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery("SELECT 1 " + OPEN + " AND o.event_id IS NOT NULL LIMIT 1")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Events of the schedule that nobody dispatched yet; nobody will until commit. */
  static List<EventId> lockPendingEvents(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT e.id FROM event e WHERE e.org_id = :org AND e.dispatch = 'pending' AND e.id IN (
              SELECT o.event_id FROM occurrence o
              WHERE o.org_id = :org AND o.policy_id = :policy AND o.result IS NULL AND o.event_id IS NOT NULL)
            """
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map((row, _) -> new EventId(row.getString("id")))
        .list();
  }

  static List<RunId> openRuns(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT r.id FROM occurrence o
            JOIN activation a ON a.event_id = o.event_id AND a.policy_id = o.policy_id
            JOIN run r ON r.org_id = a.org_id AND r.id = a.run_id
            WHERE o.org_id = :org AND o.policy_id = :policy AND o.result IS NULL
            AND r.state IN ('queued', 'running', 'waiting_permission')
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map((row, _) -> new RunId(row.getString("id")))
        .list();
  }

  /** What waits to fire, the first of each schedule, longest waiting first. */
  @SystemScope("the clock serves all organizations")
  static List<ScheduleStore.Due> toFire(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, policy_id, MIN(fire_at) AS first FROM occurrence
            WHERE fire_at IS NOT NULL AND fire_at <= :now
            GROUP BY org_id, policy_id ORDER BY first, policy_id LIMIT :limit
            """)
        .bind("now", tx.now())
        .bind("limit", limit)
        .map(ScheduleStore.Due.ROW)
        .list();
  }

  /** The earliest that waits to fire, if its time has come. */
  static Optional<Occurrence> nextToFire(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            SELECT
                + """
                WHERE o.org_id = :org AND o.policy_id = :policy AND o.result IS NULL AND o.fire_at IS NOT NULL
                AND o.fire_at <= :now ORDER BY o.nominal_at LIMIT 1
                """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("now", tx.now())
        .map(ROW)
        .findOne();
  }

  static Optional<Occurrence> find(Tx tx, OrgId org, PolicyId policy, Instant nominal) {
    return tx.handle()
        .createQuery(
            SELECT + " WHERE o.org_id = :org AND o.policy_id = :policy AND o.nominal_at = :nominal")
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("nominal", nominal.toEpochMilli())
        .map(ROW)
        .findOne();
  }

  /** Lines that touch [from, to], in order. */
  static List<Occurrence> within(Tx tx, OrgId org, PolicyId policy, Instant from, Instant to) {
    return tx.handle()
        .createQuery(
            SELECT
                + """
                WHERE o.org_id = :org AND o.policy_id = :policy AND o.nominal_at <= :to AND o.last_at >= :from
                ORDER BY o.nominal_at
                """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("from", from.toEpochMilli())
        .bind("to", to.toEpochMilli())
        .map(ROW)
        .list();
  }

  /** Newest first. */
  static List<Occurrence> list(Tx tx, OrgId org, PolicyId policy, Occurrences.Query query) {
    return tx.handle()
        .createQuery(
            SELECT
                + """
                WHERE o.org_id = :org AND o.policy_id = :policy
                AND (CAST(:verdict AS TEXT) IS NULL OR o.verdict = :verdict)
                AND o.nominal_at < :before ORDER BY o.nominal_at DESC LIMIT :limit
                """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("verdict", query.verdict() == null ? null : query.verdict().spelled())
        .bind("before", query.before() == null ? Long.MAX_VALUE : query.before().toEpochMilli())
        .bind("limit", query.limit())
        .map(ROW)
        .list();
  }

  /** The latest line that made a run. */
  static Optional<Occurrence> lastRun(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            SELECT
                + """
                WHERE o.org_id = :org AND o.policy_id = :policy AND a.run_id IS NOT NULL
                ORDER BY o.nominal_at DESC LIMIT 1
                """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map(ROW)
        .findOne();
  }

  static Map<Verdict, Long> counts(Tx tx, OrgId org, PolicyId policy) {
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    tx.handle()
        .createQuery(
            """
            SELECT verdict, CAST(SUM(count) AS BIGINT) AS n FROM occurrence
            WHERE org_id = :org AND policy_id = :policy GROUP BY verdict
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map((row, _) -> Map.entry(Verdict.of(row.getString("verdict")), row.getLong("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** How many times in (after, to] have a verdict. */
  static long accounted(Tx tx, OrgId org, PolicyId policy, long after, long to) {
    return tx.handle()
        .createQuery(
            """
            SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM occurrence
            WHERE org_id = :org AND policy_id = :policy AND by_hand = 0 AND nominal_at > :after AND nominal_at <= :to
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("after", after)
        .bind("to", to)
        .mapTo(Long.class)
        .one();
  }

  private static Occurrence occurrence(ResultSet row) throws SQLException {
    String event = row.getString("event_id");
    String run = row.getString("run_id");
    String result = row.getString("result");
    return new Occurrence(
        new PolicyId(row.getString("policy_id")),
        new Span(
            Instant.ofEpochMilli(row.getLong("nominal_at")),
            Instant.ofEpochMilli(row.getLong("last_at")),
            row.getLong("count")),
        new Ruling(Verdict.of(row.getString("verdict")), row.getString("reason")),
        row.getInt("by_hand") == 1,
        new Outcome(
            event == null ? null : new EventId(event),
            run == null ? null : new RunId(run),
            result == null ? null : Result.of(result),
            row.getString("result_reason")),
        Instant.ofEpochMilli(row.getLong("decided_at")));
  }
}
