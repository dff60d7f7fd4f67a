package dev.rookery.tools;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.egress.GuardedClient;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.ToolId;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Grant;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.Grants;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@BothEngines
final class ToolsIT {
  private final TestDatabase db;
  private final Journal journal;
  private final Grants grants;
  private final ReversibleVault vault = new ReversibleVault();
  private final Tools tools;
  private final OrgId org;
  private final AgentId agent;

  ToolsIT(TestDatabase db) {
    this.db = db;
    Database database = db.database();
    journal = new Journal(database);
    grants = new Grants(database, journal);
    tools =
        new Tools(
            database,
            journal,
            new Tools.Wire(vault, new GuardedClient()),
            grants,
            List.of(new CurrentTime(db.clock())));
    org = db.newOrg();
    agent = database.write(org, tx -> Rows.agent(tx, org));
  }

  @ParameterizedTest
  @EnumSource(EffectClass.class)
  void a_tool_is_read_back_as_it_was_defined(EffectClass effectClass) {
    Endpoint endpoint =
        new Endpoint(
            Endpoint.uri("https://example.org/a?b=c"),
            "PUT",
            Duration.ofMillis(1_500),
            Endpoint.uri("https://example.org/lookup"),
            true);
    DefinedTool made =
        tools.create(org, new NewTool(spec("mail"), endpoint, Map.of(), effectClass));

    assertThat(tools.require(org, "mail")).isEqualTo(made);
    assertThat(tools.require(org, made.id().value())).isEqualTo(made);
    assertThat(tools.list(org)).containsExactly(made);
    assertThat(made.endpoint()).isEqualTo(endpoint);
    refused("tool-not-found", () -> tools.require(db.newOrg(), "mail"));
  }

  @Test
  void a_name_is_taken_once_and_built_in_names_always() {
    tools.create(org, wish("mail"));

    refused("tool-exists", () -> tools.create(org, wish("mail")));
    refused("tool-exists", () -> tools.create(org, wish("current_time")));
    tools.create(db.newOrg(), wish("mail"));
  }

  @Test
  void an_agent_is_offered_what_is_enabled_and_granted() {
    DefinedTool mail = tools.create(org, wish("mail"));
    tools.create(org, wish("pay"));
    assertThat(offered()).isEmpty();

    grants.put(org, agent, new Grant("*", Verdict.ALLOW));
    assertThat(offered()).containsExactly("current_time", "mail", "pay");

    grants.put(org, agent, new Grant("pay", Verdict.DENY));
    assertThat(offered()).containsExactly("current_time", "mail");

    tools.setEnabled(org, mail.id(), false);
    assertThat(offered()).containsExactly("current_time");
    tools.setEnabled(org, mail.id(), true);
    assertThat(offered()).containsExactly("current_time", "mail");
    assertThat(tools.forAgent(db.newOrg(), agent)).isEmpty();
    refused("tool-not-found", () -> tools.setEnabled(org, ToolId.next(), true));
  }

  private List<String> offered() {
    return tools.forAgent(org, agent).stream().map(tool -> tool.spec().name()).toList();
  }

  @Test
  void secret_headers_are_sealed_and_appear_nowhere() {
    DefinedTool tool =
        tools.create(
            org,
            new NewTool(
                spec("mail"),
                Endpoint.post("https://example.org"),
                Map.of("Authorization", "Bearer hunter2"),
                EffectClass.UNSAFE));

    String sealed = tool.sealed().getOrDefault("Authorization", "");
    assertThat(sealed).startsWith("enc:v2:").doesNotContain("hunter2");
    assertThat(vault.open(DefinedTool.secret(org, tool.id(), "Authorization"), sealed))
        .isEqualTo("Bearer hunter2");
    assertThat(Json.write(journal.after(org, 0, 10)))
        .contains("tool.created")
        .doesNotContain("hunter2");
  }

  private static NewTool wish(String name) {
    return new NewTool(
        spec(name), Endpoint.post("https://example.org"), Map.of(), EffectClass.UNSAFE);
  }

  private static ToolSpec spec(String name) {
    return new ToolSpec(name, "Does it.", Json.parse("{\"type\": \"object\"}"));
  }
}
