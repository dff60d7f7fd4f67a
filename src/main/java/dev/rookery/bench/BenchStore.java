package dev.rookery.bench;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.List;

/** What benches count, and the row they write to find the raw speed of a database. */
final class BenchStore {
  private BenchStore() {}

  @SystemScope("a table of the bench's own, in a database that is thrown away")
  static int makeTable(Tx tx) {
    return tx.handle()
        .execute(
            "CREATE TABLE IF NOT EXISTS bench_row (id TEXT PRIMARY KEY, note TEXT NOT NULL, at BIGINT NOT NULL)");
  }

  @SystemScope("a table of the bench's own, in a database that is thrown away")
  static int dropTable(Tx tx) {
    return tx.handle().execute("DROP TABLE IF EXISTS bench_row");
  }

  @SystemScope("a table of the bench's own, in a database that is thrown away")
  static int insertRow(Tx tx, String id) {
    return tx.handle()
        .createUpdate("INSERT INTO bench_row (id, note, at) VALUES (:id, 'one small row', :now)")
        .bind("id", id)
        .bind("now", tx.now())
        .execute();
  }

  @SystemScope("whether anybody but a bench uses this database")
  static long foreignAgents(Tx tx, String handles) {
    return tx.handle()
        .createQuery("SELECT COUNT(*) FROM agent WHERE handle NOT LIKE :handles")
        .bind("handles", handles)
        .mapTo(Long.class)
        .one();
  }

  @SystemScope("the server of a bench has one organization, which its client does not know")
  static long eventsOfAll(Database database) {
    return database.readAcrossOrgs(tx -> count(tx, "SELECT COUNT(*) FROM event"));
  }

  @SystemScope("the server of a bench has one organization, which its client does not know")
  static long undispatchedOfAll(Database database) {
    return database.readAcrossOrgs(
        tx -> count(tx, "SELECT COUNT(*) FROM event WHERE dispatch = 'pending'"));
  }

  /**
   * How workers came home.
   *
   * @param ends journaled ends of workers
   * @param toSteps those whose result a waiting step took
   * @param events results that came in as events
   * @param inputs lines of runs that such events became
   */
  record Homecomings(
      long all, long active, long ends, long toSteps, long events, long inputs, long openRuns) {}

  @SystemScope("the server of a bench has one organization, which its client does not know")
  static Homecomings homecomings(Database database) {
    return database.readAcrossOrgs(
        tx ->
            new Homecomings(
                count(tx, "SELECT COUNT(*) FROM worker"),
                count(tx, "SELECT COUNT(*) FROM worker WHERE state = 'active'"),
                count(
                    tx,
                    "SELECT COUNT(*) FROM journal WHERE kind IN ('worker.finished', 'worker.failed', 'worker.cancelled')"),
                count(tx, "SELECT COUNT(*) FROM worker WHERE home = 'step'"),
                count(
                    tx,
                    "SELECT COUNT(*) FROM event WHERE source = 'worker' AND type = 'result' AND dispatch = 'dispatched'"),
                count(
                    tx,
                    """
                    SELECT COUNT(*) FROM run_input i JOIN event e ON e.id = i.event_id
                    WHERE e.source = 'worker' AND e.type = 'result'
                    """),
                count(
                    tx,
                    """
                    SELECT COUNT(*) FROM run WHERE state IN ('queued', 'running', 'waiting_permission')
                    """)));
  }

  /** How often calls of {@code delegate} that wait got their results. */
  @SystemScope("the server of a bench has one organization, which its client does not know")
  static long answeredDelegations(Database database) {
    return database.readAcrossOrgs(
        tx ->
            count(
                tx,
                "SELECT COUNT(*) FROM step WHERE name = 'delegate' AND state = 'done' AND failed = 0"));
  }

  /** From the start of each worker to its end, in milliseconds. */
  @SystemScope("the server of a bench has one organization, which its client does not know")
  static List<Long> workerTimes(Database database) {
    return database.readAcrossOrgs(
        tx ->
            tx.handle()
                .createQuery("SELECT ended_at - started_at FROM worker WHERE state <> 'active'")
                .mapTo(Long.class)
                .list());
  }

  private static long count(Tx tx, String sql) {
    return tx.handle().createQuery(sql).mapTo(Long.class).one();
  }

  static long agents(Tx tx, OrgId org) {
    return count(tx, org, "SELECT COUNT(*) FROM agent WHERE org_id = :org");
  }

  static long events(Tx tx, OrgId org) {
    return count(tx, org, "SELECT COUNT(*) FROM event WHERE org_id = :org");
  }

  static long undispatched(Tx tx, OrgId org) {
    return count(
        tx, org, "SELECT COUNT(*) FROM event WHERE org_id = :org AND dispatch = 'pending'");
  }

  static long openRuns(Tx tx, OrgId org) {
    return count(
        tx,
        org,
        """
        SELECT COUNT(*) FROM run WHERE org_id = :org AND state IN ('queued', 'running', 'waiting_permission')
        """);
  }

  static long doneRuns(Tx tx, OrgId org) {
    return count(tx, org, "SELECT COUNT(*) FROM run WHERE org_id = :org AND state = 'done'");
  }

  static long doneSteps(Tx tx, OrgId org) {
    return count(tx, org, "SELECT COUNT(*) FROM step WHERE org_id = :org AND state = 'done'");
  }

  static long replies(Tx tx, OrgId org) {
    return count(
        tx,
        org,
        "SELECT COUNT(*) FROM outbox WHERE org_id = :org AND state = 'sent' AND run_id IS NOT NULL");
  }

  /** A time of a schedule, its verdict, and how long after it that was decided. */
  record Tick(String verdict, long lateMillis) {}

  /** The ledger of all schedules, for times in [from, to); epoch milliseconds. */
  static List<Tick> ticks(Tx tx, OrgId org, long from, long to) {
    return tx.handle()
        .createQuery(
            """
            SELECT verdict, decided_at - nominal_at AS late FROM occurrence
            WHERE org_id = :org AND nominal_at >= :from AND nominal_at < :to
            """)
        .bind("org", org.value())
        .bind("from", from)
        .bind("to", to)
        .map((row, _) -> new Tick(row.getString("verdict"), row.getLong("late")))
        .list();
  }

  private static long count(Tx tx, OrgId org, String sql) {
    return tx.handle().createQuery(sql).bind("org", org.value()).mapTo(Long.class).one();
  }
}
