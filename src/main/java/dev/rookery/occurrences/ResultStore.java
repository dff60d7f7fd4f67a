package dev.rookery.occurrences;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.occurrences.Occurrence.Result;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the runs of occurrences ended. */
final class ResultStore {
  private static final String UNDELIVERED = "undelivered: ";

  private ResultStore() {}

  /**
   * A line whose event came to an end that its result does not say yet. A run that is done ended
   * well only if its reply arrived.
   *
   * @param dispatch how far the event got: it is dead, or dispatched
   * @param decision of the activation, if there is one
   * @param state of the run, if there is one; it is over
   * @param why what is known of the cause
   */
  record Ended(
      OrgId org,
      PolicyId policy,
      Instant nominal,
      String dispatch,
      @Nullable String decision,
      @Nullable String state,
      @Nullable String why,
      @Nullable RunId run) {
    /** The run is done, but what it said did not reach the conversation. */
    boolean undelivered() {
      return why != null && why.startsWith(UNDELIVERED);
    }
  }

  @SystemScope("results are gathered for all organizations")
  static List<Ended> ended(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT o.org_id, o.policy_id, o.nominal_at, e.dispatch, a.decision, a.run_id,
              CASE WHEN r.state = 'done' AND b.error IS NOT NULL THEN 'failed' ELSE r.state END AS state,
              CASE WHEN r.state = 'done' AND b.error IS NOT NULL THEN :undelivered || b.error
                WHEN e.dispatch = 'dead' THEN e.dispatch_error WHEN r.id IS NULL THEN a.why
                WHEN r.failure_reason IS NULL THEN r.outcome ELSE r.failure_reason || ': ' || COALESCE(r.outcome, '') END AS cause
            FROM occurrence o
            JOIN event e ON e.org_id = o.org_id AND e.id = o.event_id
            LEFT JOIN activation a ON a.event_id = o.event_id AND a.policy_id = o.policy_id
            LEFT JOIN run r ON r.org_id = o.org_id AND r.id = a.run_id
            LEFT JOIN outbox b ON b.id = (SELECT MIN(f.id) FROM outbox f
              WHERE f.org_id = r.org_id AND f.run_id = r.id AND f.state = 'failed')
            WHERE o.result IS NULL AND (e.dispatch = 'dead' OR e.dispatch = 'dispatched'
              AND (r.id IS NULL OR r.state IN ('done', 'failed', 'cancelled')))
            AND NOT EXISTS (SELECT 1 FROM outbox p
              WHERE p.org_id = r.org_id AND p.run_id = r.id AND p.state IN ('pending', 'sending'))
            ORDER BY o.policy_id, o.nominal_at LIMIT :limit
            """)
        .bind("limit", limit)
        .bind("undelivered", UNDELIVERED)
        .map(
            (row, _) -> {
              String run = row.getString("run_id");
              return new Ended(
                  new OrgId(row.getString("org_id")),
                  new PolicyId(row.getString("policy_id")),
                  Instant.ofEpochMilli(row.getLong("nominal_at")),
                  row.getString("dispatch"),
                  row.getString("decision"),
                  row.getString("state"),
                  row.getString("cause"),
                  run == null ? null : new RunId(run));
            })
        .list();
  }

  /** False when another was quicker. */
  static boolean settle(Tx tx, OrgId org, Ended ended, Result result) {
    return tx.handle()
            .createUpdate(
                """
                UPDATE occurrence SET result = :result, result_reason = :reason, settled_at = :now
                WHERE org_id = :org AND policy_id = :policy AND nominal_at = :nominal AND result IS NULL
                """)
            .bind("org", org.value())
            .bind("policy", ended.policy().value())
            .bind("nominal", ended.nominal().toEpochMilli())
            .bind("result", result.spelled())
            .bind("reason", result == Result.DONE ? null : ended.why())
            .bind("now", Math.max(tx.now(), lastSettled(tx, org, ended.policy()) + 1))
            .execute()
        == 1;
  }

  /** Results of a schedule have an order, however many come in one millisecond; 0 for none yet. */
  static long lastSettled(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT settled_at FROM occurrence WHERE org_id = :org AND policy_id = :policy AND settled_at IS NOT NULL
            ORDER BY settled_at DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /** Failed ones since the last success, and not before {@code from}. */
  static int failuresInARow(Tx tx, OrgId org, PolicyId policy, long from) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM occurrence WHERE org_id = :org AND policy_id = :policy AND settled_at IS NOT NULL
            AND result = 'failed' AND settled_at >= :from AND settled_at > COALESCE((
              SELECT d.settled_at FROM occurrence d
              WHERE d.org_id = :org AND d.policy_id = :policy AND d.settled_at IS NOT NULL AND d.result = 'done'
              ORDER BY d.settled_at DESC LIMIT 1), 0)
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("from", from)
        .mapTo(Integer.class)
        .one();
  }
}
