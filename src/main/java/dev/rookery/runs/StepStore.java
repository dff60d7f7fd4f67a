package dev.rookery.runs;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import dev.rookery.tools.EffectClass;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows of {@code step}. The caller holds the run's row. */
final class StepStore {
  private StepStore() {}

  /**
   * A commit whose answer was lost is repeated; the same step of the same run is then there
   * already.
   */
  static void insert(Tx tx, OrgId org, RunId run, Step step, long fence) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO step (org_id, run_id, seq, kind, state, name, call_id, effect_class, idem_key, request,
              request_hash, response, failed, attempts, fence, started_at, finished_at)
            VALUES (:org, :run, :seq, :kind, :state, :name, :call, :effect, :idem, :request,
              :hash, :response, 0, :attempts, :fence, :started, :finished)
            ON CONFLICT (run_id, seq) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", step.seq())
        .bind("kind", step.kind().label())
        .bind("state", step.state().label())
        .bind("name", step.name())
        .bind("call", step.callId())
        .bind("effect", step.effect().name().toLowerCase(Locale.ROOT))
        .bind("idem", step.body().idemKey())
        .bind("request", Blobs.store(tx, org, step.body().request()))
        .bind("hash", Digest.sha256(step.body().request()))
        .bind("response", step.body().response())
        .bind("attempts", step.attempts())
        .bind("fence", fence)
        .bind("started", step.state() == StepState.PLANNED ? null : tx.now())
        .bind("finished", step.state() == StepState.DONE ? tx.now() : null)
        .execute();
  }

  /** {@code planned} or this owner's own {@code started} → {@code started}. Says whether it did. */
  static boolean start(Tx tx, OrgId org, RunId run, Started started) {
    return tx.handle()
            .createUpdate(
                """
                UPDATE step SET state = 'started', verdict = COALESCE(:verdict, verdict), attempts = attempts + 1, fence = :fence,
                  started_at = :now
                WHERE org_id = :org AND run_id = :run AND seq = :seq AND state IN ('planned', 'started')
                """)
            .bind("org", org.value())
            .bind("run", run.value())
            .bind("seq", started.seq())
            .bind("verdict", started.verdict())
            .bind("fence", started.fence())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  record Started(int seq, long fence, @Nullable String verdict) {}

  /** Notes what the policy said of a planned step. */
  static void judge(Tx tx, OrgId org, RunId run, int seq, String verdict) {
    tx.handle()
        .createUpdate(
            "UPDATE step SET verdict = :verdict WHERE org_id = :org AND run_id = :run AND seq = :seq")
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", seq)
        .bind("verdict", verdict)
        .execute();
  }

  /** A planned step gets other arguments, and with them another key. */
  static void rewrite(Tx tx, OrgId org, RunId run, Step step) {
    tx.handle()
        .createUpdate(
            """
            UPDATE step SET request = :request, request_hash = :hash, idem_key = :idem
            WHERE org_id = :org AND run_id = :run AND seq = :seq AND state = 'planned'
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", step.seq())
        .bind("request", Blobs.store(tx, org, step.body().request()))
        .bind("hash", Digest.sha256(step.body().request()))
        .bind("idem", step.body().idemKey())
        .execute();
  }

  /** Ends a step; false when it had ended before, which a repeated commit finds. */
  static boolean end(Tx tx, OrgId org, RunId run, Ended ended) {
    return tx.handle()
            .createUpdate(
                """
                UPDATE step SET state = :state, response = :response, failed = :failed, detail = :detail,
                  token_usage = :usage, verdict = COALESCE(:verdict, verdict), finished_at = :now
                WHERE org_id = :org AND run_id = :run AND seq = :seq AND state NOT IN ('done', 'failed', 'skipped')
                """)
            .bind("org", org.value())
            .bind("run", run.value())
            .bind("seq", ended.seq())
            .bind("state", ended.state().label())
            .bind("response", Blobs.store(tx, org, ended.response()))
            .bind("failed", ended.failed() ? 1 : 0)
            .bind("detail", ended.detail())
            .bind("usage", ended.usage())
            .bind("verdict", ended.verdict())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  /**
   * How a step ended.
   *
   * @param usage tokens as JSON, for model steps
   */
  record Ended(
      int seq,
      StepState state,
      String response,
      boolean failed,
      @Nullable String detail,
      @Nullable String usage,
      @Nullable String verdict) {
    static Ended tool(int seq, StepState state, String response, boolean failed) {
      return new Ended(seq, state, response, failed, null, null, null);
    }
  }

  /** Back to {@code planned}, for a later attempt; says why, and whether the last one counts. */
  static void replan(Tx tx, OrgId org, RunId run, Replanned replanned) {
    tx.handle()
        .createUpdate(
            """
            UPDATE step SET state = 'planned', detail = :detail, attempts = attempts - :uncount
            WHERE org_id = :org AND run_id = :run AND seq = :seq AND state IN ('started', 'unknown')
            """)
        .bind("uncount", replanned.counts() ? 0 : 1)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", replanned.seq())
        .bind("detail", replanned.detail())
        .execute();
  }

  record Replanned(int seq, String detail, boolean counts) {}

  static void markUnknown(Tx tx, OrgId org, RunId run, int seq, String detail) {
    tx.handle()
        .createUpdate(
            """
            UPDATE step SET state = 'unknown', detail = :detail
            WHERE org_id = :org AND run_id = :run AND seq = :seq AND state = 'started'
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", seq)
        .bind("detail", detail)
        .execute();
  }

  /** Steps that were only planned will never be done. */
  static void skipPlanned(Tx tx, OrgId org, RunId run, String detail) {
    tx.handle()
        .createUpdate(
            """
            UPDATE step SET state = 'skipped', detail = :detail, finished_at = :now
            WHERE org_id = :org AND run_id = :run AND state = 'planned'
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("detail", detail)
        .bind("now", tx.now())
        .execute();
  }

  /** Steps that were under way when the run was stopped: their outcome is not known. */
  static void markStartedUnknown(Tx tx, OrgId org, RunId run, String detail) {
    tx.handle()
        .createUpdate(
            """
            UPDATE step SET state = CASE WHEN kind = 'tool' AND effect_class <> 'pure' THEN 'unknown' ELSE 'skipped' END,
              detail = :detail, finished_at = :now
            WHERE org_id = :org AND run_id = :run AND state = 'started'
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("detail", detail)
        .bind("now", tx.now())
        .execute();
  }

  static List<Step> list(Tx tx, OrgId org, RunId run) {
    return tx
        .handle()
        .createQuery("SELECT * FROM step WHERE org_id = :org AND run_id = :run ORDER BY seq")
        .bind("org", org.value())
        .bind("run", run.value())
        .map(
            (row, _) ->
                new Step(
                    row.getInt("seq"),
                    Step.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                    StepState.of(row.getString("state")),
                    row.getString("name"),
                    row.getString("call_id"),
                    EffectClass.valueOf(row.getString("effect_class").toUpperCase(Locale.ROOT)),
                    new Step.Body(
                        row.getString("idem_key"),
                        row.getString("request"),
                        row.getString("response"),
                        row.getInt("failed") == 1),
                    row.getInt("attempts")))
        .list()
        .stream()
        .map(step -> loaded(tx, org, step))
        .toList();
  }

  private static Step loaded(Tx tx, OrgId org, Step step) {
    Step.Body body = step.body();
    String response = body.response();
    return new Step(
        step.seq(),
        step.kind(),
        step.state(),
        step.name(),
        step.callId(),
        step.effect(),
        new Step.Body(
            body.idemKey(),
            Blobs.load(tx, org, body.request()),
            response == null ? null : Blobs.load(tx, org, response),
            body.failed()),
        step.attempts());
  }

  /** What people see of a step besides {@link Step}. */
  record Seen(
      int seq,
      @Nullable String verdict,
      @Nullable String detail,
      @Nullable String usage,
      long started,
      long finished) {}

  static List<Seen> seen(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            """
            SELECT seq, verdict, detail, token_usage, started_at, finished_at FROM step
            WHERE org_id = :org AND run_id = :run ORDER BY seq
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .map(
            (row, _) ->
                new Seen(
                    row.getInt("seq"),
                    row.getString("verdict"),
                    row.getString("detail"),
                    row.getString("token_usage"),
                    row.getLong("started_at"),
                    row.getLong("finished_at")))
        .list();
  }
}
