package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.orgs.Role;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What wakes agents, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ActivationRoutesIT {
  private final TestServer server = TestServer.start();
  private final String operator = server.key(Role.OPERATOR);
  private final String viewer = server.key(Role.VIEWER);
  private int agents;

  @AfterAll
  void close() {
    server.close();
  }

  private String agent() {
    String handle = "a" + agents++;
    server.house().agents.create(server.org(), new NewAgent(handle, handle, "", null));
    return handle;
  }

  private JsonNode create(String agent, String body) {
    var answer =
        server.post(operator, "/api/v1/agents/" + agent + "/policies", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    assertThat(answer.json().path("hook").isNull()).isTrue();
    return ((ObjectNode) answer.json()).without("hook");
  }

  private TestServer.Answer patch(JsonNode policy, String body) {
    return server.call("PATCH", path(policy), operator, body.replace('\'', '"'));
  }

  private static String path(JsonNode policy) {
    return "/api/v1/policies/" + policy.path("id").asText();
  }

  private JsonNode seen(JsonNode policy) {
    return server.get(viewer, path(policy)).json();
  }

  @Test
  void a_policy_is_made_seen_and_removed() {
    String agent = agent();
    JsonNode made =
        create(
            agent,
            "{'name':'room','trigger':'always','config':{'allow_bots':true},'cooldown_ms':2592000000}");
    assertThat(made.path("state").asText()).isEqualTo("on");
    assertThat(made.path("agent").asText()).isEqualTo(agent);
    assertThat(seen(made)).isEqualTo(made);
    assertThat(server.get(viewer, "/api/v1/agents/" + agent + "/policies").json().path("items"))
        .extracting(p -> p.path("name").asText())
        .containsExactly("mention", "manual", "room");

    assertThat(server.call("DELETE", path(made), operator, null).status()).isEqualTo(204);
    var gone = server.get(viewer, path(made));
    assertThat(gone.code()).isEqualTo("policy-not-found");
    assertThat(gone.json().path("detail").asText()).contains("rookery policies list");
  }

  @Test
  void the_list_of_all_is_narrowed_by_trigger() {
    create(agent(), "{'name':'every room','trigger':'always'}");
    var always = server.get(viewer, "/api/v1/policies?trigger=always").json().path("items");
    assertThat(always).allMatch(p -> p.path("trigger").asText().equals("always")).isNotEmpty();
    assertThat(server.get(viewer, "/api/v1/policies?trigger=alwais").code())
        .isEqualTo("bad-parameter");
  }

  @Test
  void a_change_leaves_what_it_does_not_name() {
    JsonNode made =
        create(
            agent(),
            "{'name':'m','trigger':'mention','config':{'allow_bots':true},"
                + "'filter':{'field':'type','op':'eq','value':'message'}}");

    JsonNode changed =
        patch(made, "{'name':'n','config':{'on_edit':true},'mode':'collect'}").json();
    assertThat(changed.path("config").toString())
        .isEqualTo("{\"allow_bots\":true,\"on_edit\":true}");
    assertThat(changed.path("filter")).isEqualTo(made.path("filter"));
    assertThat(changed.path("mode").asText()).isEqualTo("collect");
    JsonNode cleared = patch(made, "{'config':{'allow_bots':null},'filter':null}").json();
    assertThat(cleared.path("config").toString()).isEqualTo("{\"on_edit\":true}");
    assertThat(cleared.path("filter").isNull()).isTrue();
    JsonNode other = patch(made, "{'trigger':'manual'}").json();
    assertThat(other.path("config").isEmpty()).isTrue();
  }

  @Test
  void a_bad_change_says_where_and_changes_nothing() {
    JsonNode made = create(agent(), "{'name':'m','trigger':'always'}");
    for (String bad :
        List.of(
            "{'mode':'sideways'}",
            "{'config':{'wings':2}}",
            "{'config':7}",
            "{'cooldown_ms':-1}",
            "{'name':''}",
            "{'name':'manual'}",
            "{'filter':{'field':'type','op':'roughly','value':1}}",
            "{'agent_id':'agt_x'}",
            "{'paused_until':'soon'}")) {
      var answer = patch(made, bad);
      assertThat(answer.status()).as(bad).isBetween(400, 409);
      assertThat(answer.json().path("detail").asText()).as(bad).isNotBlank();
    }
    assertThat(seen(made)).isEqualTo(made);
  }

  @Test
  void a_pause_ends_by_itself_or_by_hand() {
    JsonNode made = create(agent(), "{'name':'m','trigger':'always'}");
    String pause = path(made) + "/pause";
    for (String bad : List.of("{\"until\":\"2020-01-01T00:00:00Z\"}", "{\"until\":\"tomorrow\"}")) {
      assertThat(server.post(operator, pause, bad).code()).isEqualTo("bad-value");
    }
    assertThat(seen(made).path("state").asText()).isEqualTo("on");

    JsonNode paused = server.post(operator, pause, "{\"reason\":\"holidays\"}").json();
    assertThat(paused.path("state").asText()).isEqualTo("paused");
    assertThat(paused.path("pause_reason").asText()).isEqualTo("holidays");
    assertThat(paused.path("paused_until").isNull()).isTrue();
    server.post(operator, pause, "{\"until\":\"2999-01-01T00:00:00+01:00\"}");
    assertThat(seen(made).path("paused_until").asText()).isEqualTo("2998-12-31T23:00:00Z");
    assertThat(server.call("POST", path(made) + "/resume", operator, "{}").json()).isEqualTo(made);
    assertThat(server.house().journal.about(server.org(), made.path("id").asText(), 10))
        .extracting(r -> r.entry().kind())
        .containsExactly("policy.created", "policy.paused", "policy.paused", "policy.resumed");
  }

  @Test
  void a_schedule_that_becomes_another_keeps_its_words() {
    JsonNode made =
        create(
            agent(),
            "{'name':'s','trigger':'cron','config':{'cron':'0 9 * * *','prompt':'Hello.',"
                + "'zone':'Europe/Berlin'}}");
    JsonNode changed =
        patch(made, "{'trigger':'interval','config':{'every_ms':3600000}}").json().path("config");
    assertThat(changed.has("cron")).isFalse();
    assertThat(changed.path("prompt").asText()).isEqualTo("Hello.");
    assertThat(changed.has("zone")).isFalse();
  }
}
