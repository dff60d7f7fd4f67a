package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.Colony;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approvals;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.orgs.Role;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wake card, and the chain of one run, over real decisions and runs. */
@BothEngines
final class WhyRoutesIT {
  private static final String CLOCK =
      """
      version: 1
      rules:
        - when: {tool_result: {tool: current_time}}
          then: {text: "Done."}
        - then: {tool_calls: [{tool: current_time, arguments: {}}]}
      """;
  private final Colony colony;
  private final TestServer server;
  private final Agent rook;
  private final String viewer;

  WhyRoutesIT(TestDatabase db) {
    this.colony = Colony.scripted(db.database(), CLOCK).dispatching();
    this.server = TestServer.over(colony.house(), colony.org());
    this.rook =
        colony
            .house()
            .agents
            .create(colony.org(), new NewAgent("rook", "Rook", "Be helpful.", null));
    colony.rule(rook, Verdict.ALLOW, "current_time");
    colony.rule(rook, Verdict.ALLOW, "bash(git log *)");
    colony.rule(rook, Verdict.DENY, "web_fetch");
    this.viewer = server.key(Role.VIEWER);
    colony.working();
  }

  @AfterEach
  void close() {
    server.close();
    colony.close();
  }

  /** Says something, and waits until all policies are decided and the run is over. */
  private JsonNode woken(String words) {
    EventId event =
        colony
            .house()
            .inbox
            .acceptAll(colony.org(), List.of(Colony.line("chat", words)), rook.id())
            .getFirst()
            .event();
    colony.until(
        "the run is over",
        () ->
            colony.house().activations.ofEvent(colony.org(), event).stream()
                .filter(a -> a.run() != null)
                .anyMatch(
                    a ->
                        colony
                            .house()
                            .runs
                            .find(colony.org(), Objects.requireNonNull(a.run()))
                            .status()
                            .state()
                            .over()));
    return card("");
  }

  private JsonNode card(String query) {
    var answer = server.get(viewer, "/api/v1/agents/rook/wake-card" + query);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode named(JsonNode items, String field, String name) {
    return items
        .valueStream()
        .filter(item -> item.path(field).asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_card_tells_decisions_with_reasons_the_negative_ones_too() {
    JsonNode card = woken("hello");

    JsonNode decisions = card.at("/activations/items");
    assertThat(decisions)
        .extracting(d -> d.path("policy_name").asText() + " " + d.path("decision").asText())
        .containsExactlyInAnyOrder("manual woke", "mention skipped");
    assertThat(decisions).allMatch(d -> !d.path("why").asText().isBlank());
    JsonNode manual = named(card.path("policies"), "name", "manual");
    assertThat(manual.at("/last_run/state").asText()).isEqualTo("done");
    assertThat(manual.at("/last_woke/decision").asText()).isEqualTo("woke");
    JsonNode mention = named(card.path("policies"), "name", "mention");
    assertThat(mention.path("last_woke").isNull()).isTrue();
    assertThat(mention.at("/last/decision").asText()).isEqualTo("skipped");

    String next = card("?limit=1").at("/activations/next").asText();
    JsonNode rest = card("?limit=1&before=" + next).path("activations");
    assertThat(rest.path("items")).hasSize(1);
    assertThat(rest.path("next").isNull()).isTrue();
    assertThat(rest.at("/items/0/id")).isEqualTo(decisions.get(1).path("id"));
  }

  @Test
  void the_card_tells_what_it_may_do_and_the_rule_that_decides() {
    JsonNode tools = card("").at("/capability/tools");

    JsonNode time = named(tools, "tool", "current_time");
    assertThat(time.path("verdict").asText()).isEqualTo("allow");
    assertThat(time.path("rule").asText()).isEqualTo("allow current_time");
    assertThat(time.path("rule_id").asText()).startsWith("rul_");
    JsonNode bash = named(tools, "tool", "bash");
    assertThat(bash.path("offered").asBoolean()).isTrue();
    assertThat(bash.path("verdict").asText()).isEqualTo("ask");
    assertThat(bash.path("rules").toString()).isEqualTo("[\"allow bash(git log *)\"]");
    JsonNode fetch = named(tools, "tool", "web_fetch");
    assertThat(fetch.path("offered").asBoolean()).isFalse();
    assertThat(fetch.path("rule").asText()).isEqualTo("deny web_fetch");
    colony.house().grants.remove(colony.org(), rook.id(), "current_time");
    assertThat(
            named(card("").at("/capability/tools"), "tool", "current_time")
                .path("offered")
                .asBoolean())
        .isFalse();
  }

  @Test
  void the_card_tells_when_a_schedule_is_due_unless_it_is_paused() {
    ActivationPolicy daily =
        PolicyCodec.read(
            PolicyId.next(),
            colony.org(),
            rook.id(),
            Json.parse(
                "{\"name\":\"plan\",\"trigger\":\"daily\",\"config\":{\"daily\":[\"09:00\"],\"prompt\":\"Plan.\"}}"));
    colony.house().activations.add(daily);
    JsonNode next = named(card("").path("policies"), "name", "plan").path("next");
    assertThat(next).isNotEmpty().allMatch(time -> time.asText().contains("T09:00:00"));
    server.post(
        server.key(Role.OPERATOR),
        "/api/v1/policies/" + daily.id() + "/pause",
        "{\"reason\":\"holidays\"}");
    JsonNode paused = named(card("").path("policies"), "name", "plan");
    assertThat(paused.path("state").asText()).isEqualTo("paused");
    assertThat(paused.path("next")).isEmpty();
  }

  @Test
  void a_run_is_told_link_by_link() {
    String run =
        named(woken("hello").path("policies"), "name", "manual").at("/last_run/id").asText();

    JsonNode why = server.get(viewer, "/api/v1/runs/" + run + "/why").json();

    assertThat(why.path("agent_handle").asText()).isEqualTo("rook");
    assertThat(why.path("attended").asBoolean()).isTrue();
    JsonNode decisions = why.at("/events/0/decisions");
    JsonNode took = named(decisions, "policy_name", "manual");
    assertThat(took.path("this_run").asBoolean()).isTrue();
    assertThat(took.path("gate").asText()).isEqualTo("none");
    assertThat(named(decisions, "policy_name", "mention").path("this_run").asBoolean()).isFalse();
    JsonNode tool = named(why.path("steps"), "kind", "tool");
    assertThat(tool.path("verdict").asText()).isEqualTo("allow");
    assertThat(tool.path("rule").asText()).isEqualTo("current_time");
    assertThat(why.path("deliveries")).hasSize(1);
    assertThat(why.at("/run/state").asText()).isEqualTo("done");

    String policy = took.path("policy").asText();
    server.call("DELETE", "/api/v1/policies/" + policy, server.key(Role.OPERATOR), null);
    assertThat(
            named(
                    server
                        .get(viewer, "/api/v1/runs/" + run + "/why")
                        .json()
                        .at("/events/0/decisions"),
                    "policy",
                    policy)
                .path("policy_name")
                .isNull())
        .isTrue();
  }

  @Test
  void a_step_that_a_person_allowed_names_the_request_and_the_person() {
    colony.rule(rook, Verdict.ASK, "current_time");
    EventId event =
        colony
            .house()
            .inbox
            .acceptAll(colony.org(), List.of(Colony.line("chat", "go")), rook.id())
            .getFirst()
            .event();
    var approvals = colony.house().approvals;
    var any = new Approvals.Query(null, null, null, null, 10);
    colony.until("a person is asked", () -> !approvals.list(colony.org(), any).isEmpty());
    var approval = approvals.list(colony.org(), any).getFirst();
    String path = "/api/v1/runs/" + approval.subject().run() + "/why";
    JsonNode waiting = named(server.get(viewer, path).json().path("steps"), "kind", "tool");
    assertThat(waiting.path("verdict").asText()).isEqualTo("ask");
    assertThat(waiting.at("/approval/state").asText()).isEqualTo("pending");

    approvals.answer(colony.org(), approval.id(), new Answer.AllowOnce(), null, "Ada");
    colony.until(
        "the run is over",
        () ->
            colony
                .house()
                .runs
                .find(colony.org(), approval.subject().run())
                .status()
                .state()
                .over());
    JsonNode step = named(server.get(viewer, path).json().path("steps"), "kind", "tool");
    assertThat(step.at("/approval/state").asText()).isEqualTo("allowed");
    assertThat(step.at("/approval/by").asText()).isEqualTo("Ada");
    assertThat(colony.house().activations.ofEvent(colony.org(), event)).isNotEmpty();
  }
}
