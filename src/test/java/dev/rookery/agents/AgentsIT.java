package dev.rookery.agents;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.AgentEdit.ModelChoice;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@BothEngines
final class AgentsIT {
  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final Agents agents;
  private final OrgId org;

  AgentsIT(TestDatabase db) {
    this.db = db;
    database = db.database();
    journal = new Journal(database);
    agents = new Agents(database, journal, (tx, agent) -> Rows.member(tx, agent.org(), "hook"));
    org = db.newOrg();
  }

  @Test
  void an_agent_is_found_by_id_and_by_handle_in_its_organization_only() {
    Agent ada = agents.create(org, named("ada"));

    assertThat(ada.enabled()).isTrue();
    assertThat(ada.model()).isNull();
    assertThat(agents.find(org, ada.id())).contains(ada);
    assertThat(agents.require(org, "ada")).isEqualTo(ada);
    assertThat(agents.require(org, ada.id().value())).isEqualTo(ada);
    OrgId other = db.newOrg();
    assertThat(agents.find(other, ada.id())).isEmpty();
    refused("agent-not-found", () -> agents.require(other, "ada"));
    refused("agent-not-found", () -> agents.require(other, ada.id().value()));
    refused("agent-not-found", () -> agents.require(org, ""));
  }

  @Test
  void what_an_agent_starts_with_is_made_in_the_same_transaction() {
    agents.create(org, named("ada"));
    assertThat(database.<Boolean>read(org, tx -> Rows.hasMember(tx, org, "hook"))).isTrue();

    Agents broken =
        new Agents(
            database,
            journal,
            (_, _) -> {
              throw Refusal.badInput("hook", "No.");
            });
    refused("hook", () -> broken.create(org, named("bob")));
    refused("agent-not-found", () -> agents.require(org, "bob"));
    assertThat(journal.after(org, 0, 10)).hasSize(1);
  }

  @Test
  void a_handle_is_taken_once_per_organization() {
    List<String> outcomes = Together.on(12, _ -> createOrCode("ada"));

    assertThat(outcomes).filteredOn("created"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("agent-exists"::equals).hasSize(11);
    agents.create(db.newOrg(), named("ada"));
  }

  private String createOrCode(String handle) {
    try {
      agents.create(org, named(handle));
      return "created";
    } catch (Refusal e) {
      return e.code();
    }
  }

  @Test
  void pages_give_every_agent_once() {
    List<AgentId> made =
        IntStream.range(0, 7).mapToObj(i -> agents.create(org, named("a" + i)).id()).toList();

    List<Agent> first = agents.list(org, null, 3);
    List<Agent> second = agents.list(org, first.getLast().id(), 3);
    List<Agent> third = agents.list(org, second.getLast().id(), 3);

    assertThat(List.of(first.size(), second.size(), third.size())).containsExactly(3, 3, 1);
    assertThat(
            java.util.stream.Stream.of(first, second, third).flatMap(List::stream).map(Agent::id))
        .containsExactlyElementsOf(made);
    assertThat(agents.list(db.newOrg(), null, 10)).isEmpty();
  }

  @Test
  void an_edit_changes_the_given_fields_and_no_others() {
    Agent ada = agents.create(org, new NewAgent("ada", "Ada", "Help.", "scripted/default"));
    db.clock().advance(Duration.ofSeconds(1));

    Agent renamed =
        agents.update(org, ada.id(), new AgentEdit("Ada L.", null, new ModelChoice.Keep()));

    assertThat(renamed).isEqualTo(agents.require(org, "ada"));
    assertThat(renamed.name()).isEqualTo("Ada L.");
    assertThat(renamed.instructions()).isEqualTo("Help.");
    assertThat(renamed.model()).isEqualTo("scripted/default");
    assertThat(renamed.updatedAt()).isEqualTo(ada.updatedAt() + 1_000);
    assertThat(edited(ada, new ModelChoice.Inherit()).model()).isNull();
    assertThat(edited(ada, new ModelChoice.Use("openai/gpt")).model()).isEqualTo("openai/gpt");
    refused(
        "agent-not-found",
        () ->
            agents.update(db.newOrg(), ada.id(), new AgentEdit("x", null, new ModelChoice.Keep())));
  }

  private Agent edited(Agent agent, ModelChoice choice) {
    return agents.update(org, agent.id(), new AgentEdit(null, null, choice));
  }

  @Test
  void an_agent_is_switched_off_and_on_and_each_change_is_journaled_without_its_instructions() {
    Agent ada = agents.create(org, new NewAgent("ada", "Ada", "The secret sauce.", null));

    assertThat(agents.setEnabled(org, ada.id(), false).enabled()).isFalse();
    assertThat(agents.require(org, "ada").enabled()).isFalse();
    assertThat(agents.setEnabled(org, ada.id(), true).enabled()).isTrue();
    agents.update(org, ada.id(), new AgentEdit(null, "More sauce.", new ModelChoice.Keep()));

    var records = journal.about(org, ada.id().value(), 10);
    assertThat(records)
        .extracting(r -> r.entry().kind())
        .containsExactly("agent.created", "agent.updated", "agent.updated", "agent.updated");
    assertThat(records.getLast().entry().data().toString())
        .isEqualTo("{\"fields\":[\"instructions\"]}");
    assertThat(records.toString()).doesNotContain("sauce");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-ada",
        "Ada",
        "a_b",
        "a b",
        "ädä",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void a_bad_handle_is_refused(String handle) {
    refused("bad-handle", () -> new NewAgent(handle, "Ada", "", null));
  }

  @Test
  void names_instructions_and_models_have_limits() {
    refused("bad-name", () -> new NewAgent("ada", " ", "", null));
    refused("instructions-too-long", () -> new NewAgent("ada", "Ada", "ä".repeat(32_001), null));
    refused("bad-model", () -> new NewAgent("ada", "Ada", "", "gpt"));
    refused("bad-model", () -> new ModelChoice.Use("openai/"));
    Agent odd = agents.create(org, new NewAgent("ada", "A\0da\uD800", "x\0", null));
    assertThat(agents.require(org, "ada").name())
        .isEqualTo("A\uFFFDda\uFFFD")
        .isEqualTo(odd.name());
    agents.create(org, new NewAgent("big", "Big", "ä".repeat(32_000), "ollama/llama3.2:3b"));
  }

  private static NewAgent named(String handle) {
    return new NewAgent(handle, "Agent", "Help.", null);
  }
}
