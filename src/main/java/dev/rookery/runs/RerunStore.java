package dev.rookery.runs;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.store.Tx;
import java.util.List;

/** Copies of rows of {@code step}, {@code message} and {@code run_input}, for runs that repeat. */
final class RerunStore {
  private RerunStore() {}

  static void mark(Tx tx, OrgId org, RunId run, Run.Rerun rerun) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET rerun_kind = :kind, rerun_of = :of, rerun_from = :from,
              request_run = CASE WHEN :kind = 'retry' THEN
                (SELECT COALESCE(f.request_run, f.id) FROM run f WHERE f.org_id = :org AND f.id = :of) END
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("kind", rerun.kind().label())
        .bind("of", rerun.of().value())
        .bind("from", rerun.fromStep())
        .execute();
  }

  /** Steps before {@code from}, as they ended. They are over, so nobody performs them again. */
  static void copySteps(Tx tx, OrgId org, RunId run, Run.Rerun rerun) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO step (org_id, run_id, seq, kind, state, name, call_id, effect_class, idem_key, request,
              request_hash, verdict, response, failed, detail, attempts, token_usage, fence, started_at,
              finished_at, copied)
            SELECT org_id, :run, seq, kind, state, name, call_id, effect_class, idem_key, request,
              request_hash, verdict, response, failed, detail, attempts, token_usage, 0, started_at,
              finished_at, 1
            FROM step WHERE org_id = :org AND run_id = :of AND seq < :from
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("of", rerun.of().value())
        .bind("from", rerun.fromStep())
        .execute();
  }

  /** The first messages, with where they come from. */
  static void copyMessages(Tx tx, OrgId org, RunId run, Beginning of) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO message (org_id, run_id, seq, role, content, created_at, source, untrusted, confidential, copied)
            SELECT org_id, :run, seq, role, content, created_at, source, untrusted, confidential, 1
            FROM message WHERE org_id = :org AND run_id = :of AND seq <= :most
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("of", of.run().value())
        .bind("most", of.most())
        .execute();
  }

  /** So many of the first things of a run. */
  record Beginning(RunId run, int most) {}

  /** Lines of people: the first are in the copied messages, the others are to be taken in. */
  static void copyInputs(Tx tx, OrgId org, RunId run, Beginning taken, boolean others) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run_input (org_id, run_id, seq, event_id, content, taken_at, source, untrusted)
            SELECT org_id, :run, seq, event_id, content, CASE WHEN seq <= :most THEN taken_at ELSE NULL END,
              source, untrusted
            FROM run_input WHERE org_id = :org AND run_id = :of AND (seq <= :most OR :others = 1)
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("of", taken.run().value())
        .bind("most", taken.most())
        .bind("others", others ? 1 : 0)
        .execute();
  }

  /** What the copied messages alone bring in. */
  static Taint held(Tx tx, OrgId org, RunId run) {
    return MessageStore.provenance(tx, org, run).stream()
        .map(Provenance::taint)
        .reduce(Taint.NONE, Taint::with);
  }

  static List<Integer> copiedSteps(Tx tx, OrgId org, RunId run) {
    return copied(tx, org, run, "step");
  }

  static List<Integer> copiedMessages(Tx tx, OrgId org, RunId run) {
    return copied(tx, org, run, "message");
  }

  private static List<Integer> copied(Tx tx, OrgId org, RunId run, String table) {
    return tx.handle()
        .createQuery(
            "SELECT seq FROM "
                + table
                + " WHERE org_id = :org AND run_id = :run AND copied = 1 ORDER BY seq")
        .bind("org", org.value())
        .bind("run", run.value())
        .mapTo(Integer.class)
        .list();
  }
}
