package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Tx;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was granted before there were rules. */
@BothEngines
final class PolicyMigrationIT {
  private static final List<String> BEFORE =
      List.of(
          "DROP TABLE policy_rule",
          "DELETE FROM schema_migration WHERE name = '002-policy'",
          """
          CREATE TABLE tool_grant (
            org_id TEXT NOT NULL, agent_id TEXT NOT NULL, tool TEXT NOT NULL,
            verdict TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (org_id, agent_id, tool))
          """);

  private final TestDatabase db;

  PolicyMigrationIT(TestDatabase db) {
    this.db = db;
  }

  private static int grant(Tx tx, OrgId org, AgentId agent, String tool, String verdict) {
    return tx.handle()
        .execute(
            "INSERT INTO tool_grant VALUES (?, ?, ?, ?, 7)",
            org.value(),
            agent.value(),
            tool,
            verdict);
  }

  @Test
  void grants_of_tools_become_rules_of_the_same_agents() {
    OrgId org = db.newOrg();
    OrgId other = db.newOrg();
    AgentId first = db.database().write(org, tx -> Rows.agent(tx, org));
    AgentId second = db.database().write(other, tx -> Rows.agent(tx, other));
    db.database()
        .writeAcrossOrgs(
            tx -> {
              BEFORE.forEach(tx.handle()::execute);
              return grant(tx, org, first, "mail", "allow")
                  + grant(tx, org, first, "pay_*", "deny")
                  + grant(tx, other, second, "*", "allow");
            });

    Database migrated = db.reopen();

    Grants grants = new Grants(migrated, new Journal(migrated));
    assertThat(grants.stored(org, first))
        .extracting(StoredGrant::grant)
        .containsExactly(new Grant("mail", Verdict.ALLOW), new Grant("pay_*", Verdict.DENY));
    assertThat(grants.stored(org, first)).allMatch(it -> it.createdAt() == 7);
    assertThat(grants.list(other, second)).containsExactly(new Grant("*", Verdict.ALLOW));
    assertThat(grants.list(other, first)).isEmpty();
  }
}
