package dev.rookery.policy;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RuleId;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.util.Set;
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

  private boolean offers(String tool) {
    return grants.ruleset(org, agent).offers(tool, Set.of());
  }

  @Test
  void a_rule_replaces_the_one_with_the_same_text() {
    grants.put(org, agent, new Grant("mail", Verdict.ALLOW));
    RuleId id = grants.stored(org, agent).getFirst().id();
    assertThat(offers("mail")).isTrue();

    grants.put(org, agent, new Grant("mail", Verdict.DENY), "Ada");

    assertThat(grants.list(org, agent)).containsExactly(new Grant("mail", Verdict.DENY));
    assertThat(grants.stored(org, agent).getFirst().id()).isEqualTo(id);
    assertThat(grants.stored(org, agent).getFirst().createdBy()).isEqualTo("Ada");
    assertThat(offers("mail")).isFalse();
    assertThat(offers("other")).isFalse();
  }

  @Test
  void a_removed_rule_grants_no_more() {
    grants.put(org, agent, new Grant("bash(git *)", Verdict.ALLOW));

    grants.remove(org, agent, "bash(git *)");

    assertThat(grants.list(org, agent)).isEmpty();
    refused("grant-not-found", () -> grants.remove(org, agent, "bash(git *)"));
    refused("grant-not-found", () -> grants.remove(org, RuleId.next()));
    assertThat(journal.about(org, agent.value(), 10))
        .extracting(r -> r.entry().kind())
        .containsExactly("grant.changed", "grant.removed");
    assertThat(journal.about(org, agent.value(), 10).getFirst().entry().data().toString())
        .isEqualTo("{\"rule\":\"bash(git *)\",\"verdict\":\"allow\",\"by\":\"system\"}");
  }

  @Test
  void a_rule_on_everyone_is_on_each_agent_beside_its_own() {
    AgentId second = db.database().write(org, tx -> Rows.agent(tx, org));
    StoredGrant all = grants.put(org, null, new Grant("mail", Verdict.ASK), "Ada");
    grants.put(org, agent, new Grant("mail", Verdict.ALLOW));

    assertThat(grants.list(org, second)).containsExactly(new Grant("mail", Verdict.ASK));
    assertThat(grants.list(org, agent))
        .containsExactlyInAnyOrder(
            new Grant("mail", Verdict.ASK), new Grant("mail", Verdict.ALLOW));
    assertThat(grants.stored(org, null)).containsExactly(all);

    grants.remove(org, all.id());

    assertThat(grants.list(org, second)).isEmpty();
    assertThat(grants.list(org, agent)).containsExactly(new Grant("mail", Verdict.ALLOW));
  }

  @Test
  void a_profile_becomes_rules_and_takes_the_place_of_others_if_asked_to() {
    grants.put(org, null, new Grant("everyone", Verdict.ALLOW), "Ada");
    grants.put(org, agent, new Grant("mail", Verdict.ALLOW));

    grants.apply(org, agent, Profile.READ_ONLY, false, "Ada");
    assertThat(grants.list(org, agent))
        .containsAll(Profile.READ_ONLY.grants())
        .contains(new Grant("mail", Verdict.ALLOW));

    grants.apply(org, agent, Profile.FULL_OPS, true, "Ada");
    assertThat(grants.list(org, agent))
        .containsExactlyInAnyOrder(
            new Grant("*", Verdict.ALLOW),
            new Grant("@spend", Verdict.ASK),
            new Grant("everyone", Verdict.ALLOW));
    assertThat(grants.stored(org, null)).hasSize(1);
  }

  @Test
  void rules_stay_within_their_organization_and_agent() {
    StoredGrant ours = grants.put(org, agent, new Grant("*", Verdict.ALLOW), "Ada");
    grants.put(org, null, new Grant("mail", Verdict.ALLOW), "Ada");
    OrgId other = db.newOrg();

    assertThat(grants.list(other, agent)).isEmpty();
    assertThat(grants.stored(other, null)).isEmpty();
    assertThat(grants.list(org, AgentId.next())).containsExactly(new Grant("mail", Verdict.ALLOW));
    refused("agent-not-found", () -> grants.put(other, agent, new Grant("*", Verdict.ALLOW)));
    refused("agent-not-found", () -> grants.apply(other, agent, Profile.FULL_OPS, true, "Eve"));
    refused("grant-not-found", () -> grants.remove(other, agent, "*"));
    refused("grant-not-found", () -> grants.remove(other, ours.id()));
    assertThat(grants.list(org, agent)).hasSize(2);
    assertThat(journal.head(other)).isZero();
  }
}
