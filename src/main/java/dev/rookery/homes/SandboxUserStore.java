package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.OptionalInt;

/** Rows of {@code sandbox_user}: which system user runs the commands of which agent. */
final class SandboxUserStore {
  private SandboxUserStore() {}

  static OptionalInt find(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery("SELECT uid FROM sandbox_user WHERE org_id = :org AND agent_id = :agent")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .mapTo(Integer.class)
        .findOne()
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  /** Keeps the one that the agent has. Returns 0 when it has one, or another took the number. */
  @SystemScope("no two agents of any organization share a user")
  static int assign(Tx tx, OrgId org, AgentId agent, int first) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO sandbox_user (org_id, agent_id, uid, created_at)
            SELECT :org, :agent, COALESCE(MAX(uid) + 1, :first), :now FROM sandbox_user
            WHERE true
            ON CONFLICT DO NOTHING
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("first", first)
        .bind("now", tx.now())
        .execute();
  }
}
