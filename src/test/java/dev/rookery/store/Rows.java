package dev.rookery.store;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;

/** Plain rows for tests that need some to exist; the rooms' own stores are tested elsewhere. */
public final class Rows {
  private Rows() {}

  public static void org(Tx tx, OrgId org) {
    tx.handle()
        .createUpdate("INSERT INTO org (id, name, created_at) VALUES (:id, :id, :now)")
        .bind("id", org.value())
        .bind("now", tx.now())
        .execute();
  }

  public static AgentId agent(Tx tx, OrgId org) {
    AgentId agent = AgentId.next();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO agent (org_id, id, handle, name, instructions, enabled, created_at, updated_at)
            VALUES (:org, :id, :id, 'Ada', 'Help.', 1, :now, :now)
            """)
        .bind("org", org.value())
        .bind("id", agent.value())
        .bind("now", tx.now())
        .execute();
    return agent;
  }

  /** A queued run of the agent. */
  public static RunId run(Tx tx, OrgId org, AgentId agent) {
    RunId run = RunId.next();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO run (org_id, id, agent_id, activation_id, conversation_key, root_run_id, depth, mode,
                             state, fence, wake_at, deadline, cancel_requested, attempts, created_at)
            VALUES (:org, :id, :agent, 'none', :id, :id, 0, 'steer', 'queued', 0, :now, :now, 0, 0, :now)
            """)
        .bind("org", org.value())
        .bind("id", run.value())
        .bind("agent", agent.value())
        .bind("now", tx.now())
        .execute();
    return run;
  }

  /** A background command that has ended. */
  public static String endedTask(Tx tx, OrgId org, AgentId agent) {
    String id = Ids.next("bgt");
    tx.handle()
        .createUpdate(
            """
            INSERT INTO background_task
              (org_id, id, agent_id, run_id, seq, command, state, instance, exit_code, started_at, ended_at)
            VALUES (:org, :id, :agent, :run, 1, 'make', 'done', 'gone', 0, :now, :now)
            """)
        .bind("org", org.value())
        .bind("id", id)
        .bind("agent", agent.value())
        .bind("run", RunId.next().value())
        .bind("now", tx.now())
        .execute();
    return id;
  }

  /** A planned step of the run. */
  public static void step(Tx tx, OrgId org, RunId run, int seq) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO step (org_id, run_id, seq, kind, state, name, effect_class, idem_key, request,
                              request_hash, failed, attempts, fence)
            VALUES (:org, :run, :seq, 'tool', 'planned', 'clock', 'PURE', 'k', '{}', 'h', 0, 0, 0)
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("seq", seq)
        .execute();
  }

  /** A member whose name is the label; the label is unique within the organization. */
  public static int member(Tx tx, OrgId org, String label) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO member (org_id, id, name, email, role, created_at)
            VALUES (:org, :id, :label, :label, 'viewer', :now) ON CONFLICT (org_id, email) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", org.value() + label)
        .bind("label", label)
        .bind("now", tx.now())
        .execute();
  }

  /** How many members the organization has; what row-level security hides is not counted. */
  public static int members(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT count(*) FROM member WHERE org_id = :org")
        .bind("org", org.value())
        .mapTo(Integer.class)
        .one();
  }

  public static boolean hasMember(Tx tx, OrgId org, String label) {
    return tx.handle()
            .createQuery("SELECT count(*) FROM member WHERE org_id = :org AND email = :label")
            .bind("org", org.value())
            .bind("label", label)
            .mapTo(Integer.class)
            .one()
        == 1;
  }
}
