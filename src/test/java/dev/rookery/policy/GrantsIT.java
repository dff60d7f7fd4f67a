package dev.rookery.policy;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import org.junit.jupiter.api.Test;

@BothEngines
final class GrantsIT {
  private final TestDatabase db;
  private final Journal journal;
  private final Grants grants;
  private final OrgId org;
  private final AgentId agent;

  GrantsIT(TestDatabase db) {
    this.db = db;
    Database database = db.database();
    journal = new Journal(database);
    grants = new Grants(database, journal);
    org = db.newOrg();
    agent = database.write(org, tx -> Rows.agent(tx, org));
  }

  @Test
  void a_rule_replaces_the_one_on_the_same_tool() {
    grants.put(org, agent, new Grant("mail", Verdict.ALLOW));
    assertThat(grants.decide(org, agent, "mail").granted()).isTrue();

    grants.put(org, agent, new Grant("mail", Verdict.DENY));

    assertThat(grants.list(org, agent)).containsExactly(new Grant("mail", Verdict.DENY));
    assertThat(grants.decide(org, agent, "mail").granted()).isFalse();
    assertThat(grants.decide(org, agent, "other").granted()).isFalse();
  }

  @Test
  void a_removed_rule_grants_no_more() {
    grants.put(org, agent, new Grant("mail", Verdict.ALLOW));

    grants.remove(org, agent, "mail");

    assertThat(grants.list(org, agent)).isEmpty();
    refused("grant-not-found", () -> grants.remove(org, agent, "mail"));
    assertThat(journal.about(org, agent.value(), 10))
        .extracting(r -> r.entry().kind())
        .containsExactly("grant.changed", "grant.removed");
    assertThat(journal.about(org, agent.value(), 10).getFirst().entry().data().toString())
        .isEqualTo("{\"tool\":\"mail\",\"verdict\":\"allow\"}");
  }

  @Test
  void rules_stay_within_their_organization_and_agent() {
    grants.put(org, agent, new Grant("*", Verdict.ALLOW));
    OrgId other = db.newOrg();

    assertThat(grants.list(other, agent)).isEmpty();
    assertThat(grants.decide(org, AgentId.next(), "mail").granted()).isFalse();
    refused("agent-not-found", () -> grants.put(other, agent, new Grant("*", Verdict.ALLOW)));
    refused("grant-not-found", () -> grants.remove(other, agent, "*"));
    assertThat(journal.head(other)).isZero();
  }
}
