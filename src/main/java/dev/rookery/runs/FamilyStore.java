package dev.rookery.runs;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.util.List;

/** Rows of {@code run} as parents and children. */
final class FamilyStore {
  /** Why a run waits whose step is done by children. */
  static final String CHILDREN = "children";

  /**
   * Notes on a run that is under way that children of it ended: should it now wait, it need not.
   */
  private static final String CHILD_ENDED = "child_ended";

  private FamilyStore() {}

  /** Children that are not over, oldest first. */
  static List<RunId> open(Tx tx, OrgId org, RunId parent) {
    return tx.handle()
        .createQuery(
            """
            SELECT id FROM run WHERE org_id = :org AND parent_run_id IS NOT NULL AND parent_run_id = :parent
            AND state IN ('queued', 'running', 'waiting_permission') ORDER BY id
            """)
        .bind("org", org.value())
        .bind("parent", parent.value())
        .map((row, _) -> new RunId(row.getString("id")))
        .list();
  }

  /** As {@link RunStore#park}; at once ready again when a child ended since the run was claimed. */
  static void park(Tx tx, OrgId org, RunId run, RunStore.Parked parked) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET wake_at = CASE WHEN wait_reason = :ended THEN :now ELSE :wake END, wait_reason = :reason,
              lease_owner = NULL, lease_until = NULL
            WHERE org_id = :org AND id = :run
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("ended", CHILD_ENDED)
        .bind("reason", parked.reason())
        .bind("now", tx.now())
        .bind("wake", parked.wakeAt())
        .execute();
  }

  /** A run that waits for children may look at them now; one that is about to need not wait. */
  static void wake(Tx tx, OrgId org, RunId parent) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET wake_at = :now,
              wait_reason = CASE WHEN lease_owner IS NULL THEN wait_reason ELSE :ended END
            WHERE org_id = :org AND id = :parent AND state = 'running'
            AND (wait_reason = :children OR (wait_reason IS NULL AND lease_owner IS NOT NULL))
            """)
        .bind("org", org.value())
        .bind("parent", parent.value())
        .bind("children", CHILDREN)
        .bind("ended", CHILD_ENDED)
        .bind("now", tx.now())
        .execute();
  }

  static boolean underWay(Tx tx, OrgId org, RunId run, int step) {
    return tx.handle()
        .createQuery(
            """
            SELECT 1 FROM step WHERE org_id = :org AND run_id = :run AND seq = :step AND state = 'started'
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("step", step)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** No ancestor is over before: a person's time to think is not theirs either. */
  static void extend(Tx tx, OrgId org, List<RunId> runs, long deadline) {
    tx.handle()
        .createUpdate(
            """
            UPDATE run SET deadline = CASE WHEN deadline < :deadline THEN :deadline ELSE deadline END
            WHERE org_id = :org AND id IN (<runs>) AND state IN ('queued', 'running', 'waiting_permission')
            """)
        .bindList("runs", runs.stream().map(RunId::value).toList())
        .bind("org", org.value())
        .bind("deadline", deadline)
        .execute();
  }
}
