package dev.rookery.integrations;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.secrets.Vault;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@BothEngines
final class IntegrationsIT {
  private static final String TOKEN = "123456:very-secret-token";

  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final Vault vault = new ReversibleVault();
  private final Integrations integrations;
  private final OrgId org;

  IntegrationsIT(TestDatabase db) {
    this.db = db;
    database = db.database();
    journal = new Journal(database);
    integrations = new Integrations(database, journal, vault);
    org = db.newOrg();
  }

  @Test
  void an_integration_is_found_by_id_and_name_and_across_organizations_by_id() {
    AgentId ada = database.write(org, tx -> Rows.agent(tx, org));
    Integration bot = integrations.create(org, telegram("bot", List.of(ada, ada)));

    assertThat(bot.agents()).containsExactly(ada);
    assertThat(integrations.find(org, bot.id())).contains(bot);
    assertThat(integrations.require(org, "bot")).isEqualTo(bot);
    assertThat(integrations.require(org, bot.id().value())).isEqualTo(bot);
    assertThat(integrations.list(org)).containsExactly(bot);
    assertThat(integrations.locate(bot.id())).contains(bot);
    OrgId other = db.newOrg();
    assertThat(integrations.find(other, bot.id())).isEmpty();
    refused("integration-not-found", () -> integrations.require(other, "bot"));
    assertThat(integrations.locate(IntegrationId.next())).isEmpty();
  }

  @Test
  void secrets_are_sealed_for_their_place_and_never_shown() {
    Integration bot = integrations.create(org, telegram("bot", List.of()));

    String sealed = bot.sealed().getOrDefault("token", "");
    assertThat(vault.open(Integrations.secret(bot, "token"), sealed)).isEqualTo(TOKEN);
    assertThat(Integrations.secret(bot, "token"))
        .isEqualTo(new Vault.Field(org, "integration", "token", bot.id().value()));
    Description description = integrations.describe(bot);
    assertThat(description.secretsSet()).containsExactly("token", "webhook_secret");
    for (String shown :
        List.of(
            Json.write(description),
            description.toString(),
            bot.toString(),
            telegram("bot", List.of()).toString(),
            Json.write(journal.after(org, 0, 10)))) {
      assertThat(shown).doesNotContain("secret-token").doesNotContain("enc:v2");
    }
    assertThat(storedRow()).doesNotContain("secret-token");
  }

  private String storedRow() {
    return database.read(
        org,
        tx ->
            tx.handle()
                .createQuery("SELECT config || sealed || agents FROM integration WHERE org_id = :o")
                .bind("o", org.value())
                .mapTo(String.class)
                .one());
  }

  @Test
  void a_name_is_taken_once_and_agents_must_exist() {
    integrations.create(org, telegram("bot", List.of()));

    refused("integration-exists", () -> integrations.create(org, telegram("bot", List.of())));
    integrations.create(db.newOrg(), telegram("bot", List.of()));
    refused(
        "agent-not-found",
        () -> integrations.create(org, telegram("two", List.of(AgentId.next()))));
    OrgId other = db.newOrg();
    AgentId theirs = database.write(other, tx -> Rows.agent(tx, other));
    refused("agent-not-found", () -> integrations.create(org, telegram("two", List.of(theirs))));
    assertThat(integrations.list(org)).hasSize(1);
  }

  @Test
  void bad_wishes_are_refused() {
    ObjectNode none = Json.object();
    refused("bad-channel", () -> new NewIntegration("Tele gram", "b", none, Map.of(), List.of()));
    refused("bad-name", () -> new NewIntegration("telegram", " ", none, Map.of(), List.of()));
    refused(
        "bad-secret-field",
        () -> new NewIntegration("telegram", "b", none, Map.of("token", " "), List.of()));
  }

  @Test
  void a_disabled_integration_is_not_polled() {
    Integration bot = integrations.create(org, telegram("bot", List.of()));
    assertThat(integrations.enabled("telegram")).contains(bot);
    assertThat(integrations.enabled("slack")).doesNotContain(bot);

    assertThat(integrations.setEnabled(org, bot.id(), false).enabled()).isFalse();

    assertThat(integrations.enabled("telegram")).doesNotContain(bot);
    refused("integration-not-found", () -> integrations.setEnabled(db.newOrg(), bot.id(), true));
    assertThat(integrations.require(org, "bot").enabled()).isFalse();
  }

  @Test
  void configuration_fields_are_set_one_by_one_and_concurrently() {
    Integration bot = integrations.create(org, telegram("bot", List.of()));

    Together.on(
        8, i -> integrations.updateConfig(org, bot.id(), Json.object().put("field" + i, i)));
    Integration named =
        integrations.updateConfig(org, bot.id(), Json.object().put("bot_username", "ada_bot"));
    integrations.updateConfig(org, bot.id(), Json.object().put("bot_username", "ada_bot"));

    assertThat(named.config().path("mode").asText()).isEqualTo("webhook");
    assertThat(named.config()).hasSize(10);
    assertThat(journal.about(org, bot.id().value(), 20))
        .as("an update that changes nothing is not recorded")
        .hasSize(10);
  }

  @Test
  void a_cursor_moves_forward_only() {
    Integration bot = integrations.create(org, telegram("bot", List.of()));
    assertThat(integrations.position(org, bot.id())).isZero();

    Together.on(
        8,
        i -> {
          integrations.advance(org, bot.id(), 100 + i);
          return i;
        });
    integrations.advance(org, bot.id(), 5);

    assertThat(integrations.position(org, bot.id())).isEqualTo(107);
    OrgId other = db.newOrg();
    assertThat(integrations.position(other, bot.id())).isZero();
    refused("integration-not-found", () -> integrations.advance(other, bot.id(), 900));
    assertThat(integrations.position(org, bot.id())).isEqualTo(107);
  }

  private static NewIntegration telegram(String name, List<AgentId> agents) {
    return new NewIntegration(
        "telegram",
        name,
        Json.object().put("mode", "webhook"),
        Map.of("token", TOKEN, "webhook_secret", "also-secret-token"),
        agents);
  }
}
