package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Rookery;
import dev.rookery.TestNode;
import dev.rookery.TestTool;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.RunState;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool.ToolResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node, and clients that watch and steer it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "use the gadget"}}
          then: {tool_calls: [{tool: gadget, arguments: {n: 1}}]}
        - when: {tool_result: {tool: gadget}}
          then: {text: "The gadget said: {{tool_result}}"}
        - when: {user_text: {contains: "take long"}}
          then: {delay_ms: 20000, text: "at last"}
        - when: {user_text: {contains: "slowly"}}
          then: {text: "one two three four", chunk: 4, pause_ms: 30}
        - then: {text: "You said: {{last_user_text}}"}
      """;
  private final TestNode node =
      TestNode.scripted(
          SCRIPT,
          null,
          new Rookery.Extras(
              List.of(TestTool.of("gadget", EffectClass.PURE, _ -> ToolResult.ok("whirr"))),
              Boundary.Probe.NONE));
  private final String key = key(Role.OPERATOR).secret();
  private final List<Client> clients = new ArrayList<>();
  private int conversations;

  GatewayIT() {
    node.agent("rook");
    var asker = node.agent("asker");
    node.house().grants.put(node.org(), asker.id(), new Grant("gadget", Grant.Verdict.ASK));
  }

  @AfterAll
  void stop() {
    clients.forEach(Client::close);
    node.close();
  }

  private ApiKey.Created key(Role role) {
    return node.house()
        .keys
        .create(node.org(), new ApiKey.Wish("key of " + role.spelled(), role, null));
  }

  private Client client() {
    return client(Json.object());
  }

  private Client client(ObjectNode params) {
    Client client = Client.connected(node.rookery().url(), key, params);
    clients.add(client);
    return client;
  }

  private String conversation() {
    return "api:talk-" + ++conversations;
  }

  /** A client that watches one conversation. */
  private Client watching(String conversation) {
    ObjectNode params = Json.object();
    params.putObject("scope").put("conversation", conversation);
    return client(params);
  }

  private static ObjectNode run(String agent, String text, String conversation) {
    return Json.object().put("agent", agent).put("text", text).put("conversation", conversation);
  }

  private static ObjectNode id(String id) {
    return Json.object().put("id", id);
  }

  private static String name(JsonNode event) {
    return event.path("event").asText();
  }

  @Test
  void connect_says_who_the_client_is_and_where_events_begin() {
    try (Client client = Client.open(node.rookery().url(), null)) {
      long head = node.house().journal.head(node.org());
      JsonNode answer =
          client.ask(
              "connect",
              Json.object()
                  .put("version", "2")
                  .put("client", "test/1")
                  .put("device", "desk")
                  .put("key", key)
                  .put("after", 0));
      assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
      JsonNode payload = answer.path("payload");
      assertThat(payload.path("version").asText()).isEqualTo("2");
      assertThat(payload.path("org").asText()).isEqualTo(node.org().value());
      assertThat(payload.path("node").asText()).isEqualTo(node.rookery().node().value());
      assertThat(payload.path("role").asText()).isEqualTo("operator");
      assertThat(payload.path("after").asLong()).isZero();
      assertThat(payload.path("head").asLong()).isGreaterThanOrEqualTo(head);
      assertThat(payload.at("/limits/frame_bytes").asInt()).isEqualTo(1 << 20);
      assertThat(payload.at("/limits/requests_open").asInt()).isEqualTo(16);
      JsonNode first = client.event();
      assertThat(first.path("seq").asLong()).isEqualTo(1);
      assertThat(first.at("/payload/seq").asLong()).isEqualTo(1);
      assertThat(first.path("payload").properties().stream().map(field -> field.getKey()))
          .contains("seq", "at", "kind", "subject", "data");
      assertThat(client.ask("ping", Json.object()).path("payload")).isEqualTo(Json.object());
    }
  }

  @Test
  void a_run_is_asked_for_and_watched_to_its_end() {
    String conversation = conversation();
    Client client = watching(conversation);
    JsonNode answer = client.ask("run.create", run("rook", "say it slowly", conversation));
    assertThat(answer.at("/payload/duplicate").asBoolean(true)).isFalse();
    client.event("run.final");
    List<String> names = client.seen().stream().map(GatewayIT::name).distinct().toList();
    assertThat(names).contains("journal.entry", "run.status", "run.log", "run.token", "run.final");
    StringBuilder text = new StringBuilder();
    for (JsonNode event : client.seen()) {
      if (name(event).equals("run.token")) {
        assertThat(event.has("seq")).isFalse();
        assertThat(event.at("/payload/conversation").asText()).isEqualTo(conversation);
        assertThat(event.at("/payload/attempt").asInt()).isPositive();
        text.append(event.at("/payload/text").asText());
      }
    }
    assertThat(text).hasToString("one two three four");
    assertThat(client.numbers()).isSorted().doesNotHaveDuplicates();
    JsonNode again =
        client.ask("run.create", run("rook", "once", conversation).put("idempotency_key", "k"));
    JsonNode same =
        client.ask("run.create", run("rook", "once", conversation).put("idempotency_key", "k"));
    assertThat(same.at("/payload/event_id")).isEqualTo(again.at("/payload/event_id"));
    assertThat(same.at("/payload/duplicate").asBoolean()).isTrue();
  }

  @Test
  void two_clients_answer_one_request_for_permission() {
    String conversation = conversation();
    Client one = watching(conversation);
    Client two = watching(conversation);
    one.ask("run.create", run("asker", "use the gadget", conversation));
    String approval = one.event("permission.request").at("/payload/subject").asText();
    assertThat(two.event("permission.request").at("/payload/subject").asText()).isEqualTo(approval);
    JsonNode listed = two.ask("permission.list", Json.object().put("state", "pending"));
    assertThat(listed.at("/payload/items").valueStream().map(a -> a.path("id").asText()))
        .contains(approval);

    JsonNode allowed = one.ask("permission.respond", id(approval).put("answer", "allow"));
    assertThat(allowed.at("/payload/state").asText()).as(allowed.toString()).isEqualTo("allowed");
    JsonNode same = two.ask("permission.respond", id(approval).put("answer", "allow"));
    assertThat(same.path("payload")).isEqualTo(allowed.path("payload"));
    JsonNode other =
        two.ask("permission.respond", id(approval).put("answer", "deny").put("text", "no"));
    assertThat(other.at("/error/code").asText()).isEqualTo("approval-answered");
    assertThat(other.at("/error/status").asInt()).isEqualTo(409);

    for (Client client : List.of(one, two)) {
      client.event("permission.response");
      client.event("run.final");
      assertThat(client.seen().stream().map(GatewayIT::name))
          .contains("run.tool_call", "run.tool_result");
    }
    assertThat(two.numbers()).isEqualTo(one.numbers());
  }

  @Test
  void a_run_is_stopped_by_either_name_and_both_say_what_became_of_it() {
    String conversation = conversation();
    Client client = watching(conversation);
    client.ask("run.create", run("rook", "take long", conversation));
    String run =
        client
            .event(e -> e.at("/payload/kind").asText().equals("run.started"))
            .at("/payload/subject")
            .asText();
    assertThat(client.ask("run.stop", id(run)).at("/payload/result").asText())
        .isEqualTo("cancelled");
    assertThat(client.event("run.error").at("/payload/data/state").asText()).isEqualTo("cancelled");
    assertThat(client.ask("run.cancel", id(run)).at("/payload/result").asText())
        .isEqualTo("already_done");
    assertThat(client.ask("run.get", id(run)).at("/payload/state").asText()).isEqualTo("cancelled");
  }

  @Test
  void a_cancel_that_races_with_the_end_leaves_one_end() {
    for (int round = 0; round < 10; round++) {
      String conversation = conversation();
      Client client = watching(conversation);
      client.ask("run.create", run("rook", "hello", conversation));
      String run =
          client
              .event(e -> e.at("/payload/kind").asText().equals("run.queued"))
              .at("/payload/subject")
              .asText();
      String result = client.ask("run.cancel", id(run)).at("/payload/result").asText();
      node.over(new RunId(run));
      String last = name(client.event(e -> Set.of("run.final", "run.error").contains(name(e))));
      assertThat(last).isEqualTo(result.equals("cancelled") ? "run.error" : "run.final");
      client.ask("ping", Json.object());
      assertThat(
              client.seen().stream()
                  .filter(e -> e.at("/payload/kind").asText().equals("run.finished")))
          .hasSize(1);
      client.close();
    }
  }

  @Test
  void a_client_that_goes_changes_nothing_about_its_run() {
    String conversation = conversation();
    Client client = watching(conversation);
    client.ask("run.create", run("rook", "say it slowly", conversation));
    JsonNode token = client.event("run.token");
    client.close();
    RunId run = new RunId(token.at("/payload/run").asText());
    assertThat(node.over(run).status().state()).isEqualTo(RunState.DONE);
  }

  @Test
  void another_subscription_takes_the_place_of_the_first() {
    String first = conversation();
    String second = conversation();
    Client client = watching(first);
    client.ask("run.create", run("rook", "hello", first));
    client.event("run.final");
    client.ask("run.create", run("rook", "hello", second));
    node.await(
        r -> r.entry().kind().equals("run.finished") && second.equals(r.entry().conversation()));
    int before = client.seen().size();
    ObjectNode params = Json.object().put("after", 0);
    params.putObject("scope").put("conversation", second);
    JsonNode answer = client.ask("subscribe", params);
    assertThat(answer.at("/payload/after").asLong(-1)).isZero();
    client.event("run.final");
    assertThat(client.seen().subList(before, client.seen().size()))
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e.at("/payload/conversation").asText()).isEqualTo(second));
  }

  @Test
  void a_client_watches_an_agent_or_a_run() {
    String conversation = conversation();
    Client all = watching(conversation);
    all.ask("run.create", run("rook", "hello", conversation));
    String run = all.event("run.final").at("/payload/subject").asText();
    ObjectNode ofRun = Json.object().put("after", 0);
    ofRun.putObject("scope").put("run", run);
    Client client = client(ofRun);
    client.event("run.final");
    assertThat(client.seen())
        .extracting(e -> e.at("/payload/kind").asText())
        .contains("run.queued", "run.started", "step.finished", "run.finished");
    ObjectNode ofAgent = Json.object().put("after", 0);
    ofAgent.putObject("scope").put("agent", "rook");
    assertThat(client.ask("subscribe", ofAgent).path("ok").asBoolean()).isTrue();
    client.event("run.final");
    ObjectNode nobody = Json.object();
    nobody.putObject("scope").put("agent", "nobody");
    assertThat(client.ask("subscribe", nobody).at("/error/code").asText())
        .isEqualTo("agent-not-found");
  }

  @Test
  void sixteen_requests_may_be_open_and_each_is_answered_once() {
    Client client = client();
    Client other = client();
    Set<String> ids = new HashSet<>();
    ObjectNode poll = Json.object().put("method", "GET").put("path", "/api/v1/journal");
    poll.putObject("query")
        .put("after", node.house().journal.head(node.org()))
        .put("conversation", "api:of-open-requests")
        .put("wait_seconds", 25);
    for (int i = 0; i < 16; i++) {
      ids.add(client.send("api.call", poll));
    }
    JsonNode refused = client.ask("api.call", poll);
    assertThat(refused.at("/error/code").asText()).isEqualTo("too-many-requests");
    assertThat(refused.at("/error/status").asInt()).isEqualTo(429);
    assertThat(client.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
    other.ask("run.create", run("rook", "hello", "api:of-open-requests"));
    Set<String> answered = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      JsonNode answer = client.response();
      assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
      assertThat(answered.add(answer.path("id").asText())).isTrue();
    }
    assertThat(answered).isEqualTo(ids);
    assertThat(client.ask("status.get", Json.object()).path("ok").asBoolean()).isTrue();
  }

  @Test
  void a_revoked_key_closes_its_sockets_within_two_seconds() {
    ApiKey.Created mine = key(Role.VIEWER);
    Client one = Client.connected(node.rookery().url(), mine.secret());
    Client two = Client.connected(node.rookery().url(), mine.secret());
    Client other = client();
    long start = System.nanoTime();
    node.house().keys.revoke(node.org(), mine.key().id());
    for (Client client : List.of(one, two)) {
      assertThat(client.closed().code()).isEqualTo(4401);
      assertThat(client.closed().reason()).contains("key-revoked");
    }
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
    assertThat(other.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
  }
}
