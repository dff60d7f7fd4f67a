package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.TestNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import dev.rookery.orgs.Scopes;
import dev.rookery.store.Rows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every method, with no, wrong, foreign and too weak credentials. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessIT {
  private static final String ZEROS = "0".repeat(32);
  private final TestNode node = TestNode.scripted("version: 1\nrules:\n  - then: {text: hello}\n");
  private final JsonNode document = document();

  @AfterAll
  void stop() {
    node.close();
  }

  private JsonNode document() {
    URI url = URI.create(node.rookery().url() + "/api/v1/openapi.json");
    return Json.parse(
        HttpClient.newHttpClient()
            .sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
            .join()
            .body());
  }

  /** The route's entry in the document, whatever its parameters are called. */
  private JsonNode operation(Method method) {
    String wanted = bare(method.path());
    return document.path("paths").properties().stream()
        .filter(path -> bare(path.getKey()).equals(wanted))
        .map(path -> path.getValue().path(method.verb().toLowerCase(Locale.ROOT)))
        .filter(operation -> !operation.isMissingNode())
        .findFirst()
        .orElse(Json.object());
  }

  private static String bare(String path) {
    return path.replaceAll("\\{[a-z_]+}", "{}");
  }

  private ApiKey.Created key(Role role) {
    return node.house()
        .keys
        .create(node.org(), new ApiKey.Wish("key of " + role.spelled(), role, null));
  }

  private Client connected(Role role) {
    return Client.connected(node.rookery().url(), key(role).secret());
  }

  /** In order as far as the shape of the route goes. */
  private static ObjectNode params(Method method, String id) {
    ObjectNode params = Json.object();
    MethodRules.parameters(method.path()).forEach(name -> params.put(name, id));
    switch (method.name()) {
      case "run.create" -> params.put("agent", id).put("text", "hello");
      case "permission.respond" -> params.put("answer", "allow");
      case "schedule.create" -> {
        params.put("name", "n").put("trigger", "interval");
        params.putObject("config").put("every_ms", 60_000).put("prompt", "look");
      }
      default -> {}
    }
    return params;
  }

  private static String unknown(Method method) {
    return prefix(method) + "_" + ZEROS;
  }

  private static String prefix(Method method) {
    return switch (method.path().split("/", -1)[3]) {
      case "agents" -> "agt";
      case "approvals" -> "apr";
      case "policies" -> "pol";
      default -> method.name().equals("run.create") ? "agt" : "run";
    };
  }

  @Test
  void every_method_is_a_route() {
    List<String> missing = new ArrayList<>();
    for (Method method : Gateway.methods()) {
      if (operation(method).isEmpty()) {
        missing.add(method.name());
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void no_method_answers_somebody_without_a_key() {
    for (Method method : Gateway.methods()) {
      try (Client client = Client.open(node.rookery().url(), null)) {
        JsonNode answer = client.ask(method.name(), params(method, unknown(method)));
        assertThat(answer.path("ok").asBoolean(true)).as(method.name()).isFalse();
        assertThat(client.closed().code()).isEqualTo(4400);
      }
    }
  }

  @Test
  void nobody_connects_with_no_a_wrong_a_revoked_or_an_expired_key() {
    ApiKey.Created revoked = key(Role.OWNER);
    node.house().keys.revoke(node.org(), revoked.key().id());
    Instant soon = Instant.now().plusMillis(300);
    String expired =
        node.house().keys.create(node.org(), new ApiKey.Wish("brief", Role.OWNER, soon)).secret();
    while (!Instant.now().isAfter(soon.plusMillis(100))) {
      Thread.onSpinWait();
    }
    Map<String, ObjectNode> tries = new HashMap<>();
    tries.put("key-missing", Json.object());
    tries.put("bad-key", Json.object().put("key", "rk_abcdefgh_" + "x".repeat(43)));
    tries.put("key-revoked", Json.object().put("key", revoked.secret()));
    tries.put("key-expired", Json.object().put("key", expired));
    tries.forEach(
        (code, params) -> {
          try (Client client = Client.open(node.rookery().url(), null)) {
            JsonNode answer = client.ask("connect", params.put("version", "2"));
            assertThat(answer.at("/error/code").asText()).isEqualTo(code);
            assertThat(answer.at("/error/status").asInt()).isEqualTo(401);
            assertThat(client.closed().code()).isEqualTo(4401);
          }
        });
  }

  @Test
  void a_key_that_is_revoked_meanwhile_calls_no_method() {
    for (Method method : Gateway.methods()) {
      ApiKey.Created key = key(Role.OWNER);
      try (Client client = Client.connected(node.rookery().url(), key.secret())) {
        node.house().keys.revoke(node.org(), key.key().id());
        client.trySend(method.name(), params(method, unknown(method)));
        assertThat(client.closed().code()).as(method.name()).isEqualTo(4401);
        assertThat(client.responses())
            .as("unless the socket was closed before it was asked")
            .allSatisfy(
                answer -> assertThat(answer.at("/error/code").asText()).isEqualTo("key-revoked"));
      }
    }
  }

  @Test
  void every_method_refuses_a_role_that_is_too_low() {
    Map<Role, Client> clients = new HashMap<>();
    for (Role role : Role.values()) {
      clients.put(role, connected(role));
    }
    int refused = 0;
    for (Method method : Gateway.methods()) {
      Role needed = Role.of(operation(method).path("x-role").asText());
      for (Role role : Role.values()) {
        JsonNode answer = clients.get(role).ask(method.name(), params(method, unknown(method)));
        boolean tooLow = answer.at("/error/code").asText().equals("role-too-low");
        assertThat(tooLow).as(method.name() + " as " + role).isEqualTo(!role.atLeast(needed));
        refused += tooLow ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(8);
    clients.values().forEach(Client::close);
  }

  @Test
  void a_key_with_scopes_does_and_watches_no_more_than_they_say() {
    ApiKey.Rights rights =
        new ApiKey.Rights(Role.OPERATOR, new Scopes(List.of("runs:read", "agents")), null);
    String key =
        node.house().keys.create(node.org(), new ApiKey.Wish("narrow", rights, null)).secret();
    node.agent("watched");
    ObjectNode params = Json.object().put("version", "2");
    try (Client client = Client.open(node.rookery().url(), key)) {
      assertThat(client.ask("connect", params).at("/error/code").asText())
          .isEqualTo("scope-missing");
      assertThat(client.closed().code()).isEqualTo(4403);
    }
    params.putObject("scope").put("agent", "watched");
    try (Client client = Client.open(node.rookery().url(), key)) {
      assertThat(client.ask("connect", params).path("ok").asBoolean()).isTrue();
      assertThat(client.ask("run.list", Json.object()).path("ok").asBoolean()).isTrue();
      assertThat(client.ask("schedule.list", Json.object()).at("/error/code").asText())
          .isEqualTo("scope-missing");
      assertThat(client.ask("subscribe", Json.object()).at("/error/code").asText())
          .isEqualTo("scope-missing");
      assertThat(client.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
    }
  }

  @Test
  void what_belongs_to_another_organization_does_not_exist() {
    OrgId other = node.house().orgs.create("Theirs").id();
    AgentId agent =
        node.house().agents.create(other, new NewAgent("theirs", "Theirs", "", null)).id();
    RunId run = node.house().database().write(other, tx -> Rows.run(tx, other, agent));
    String policy = node.house().activations.policies(other).getFirst().id().value();
    Map<String, String> theirs =
        Map.of("agt", agent.value(), "run", run.value(), "pol", policy, "apr", "apr_" + ZEROS);
    int tried = 0;
    try (Client client = connected(Role.OWNER)) {
      for (Method method : Gateway.methods()) {
        boolean names = !MethodRules.parameters(method.path()).isEmpty();
        if (names || method.name().equals("run.create")) {
          tried++;
          String id = theirs.get(prefix(method));
          JsonNode answer = client.ask(method.name(), params(method, id));
          assertThat(answer.at("/error/status").asInt())
              .as(method.name() + ": " + answer)
              .isEqualTo(404);
        }
      }
      for (String name : List.of("run", "agent")) {
        ObjectNode params = Json.object();
        params.putObject("scope").put(name, name.equals("run") ? run.value() : agent.value());
        assertThat(client.ask("subscribe", params).at("/error/status").asInt()).isEqualTo(404);
      }
    }
    assertThat(tried).isGreaterThan(12);
  }

  @Test
  void events_of_another_organization_never_come() {
    OrgId other = node.house().orgs.create("Others").id();
    try (Client client = connected(Role.OWNER)) {
      write(other, "theirs");
      write(node.org(), "ours");
      JsonNode event = client.event(e -> e.at("/payload/kind").asText().equals("test.written"));
      assertThat(event.at("/payload/subject").asText()).isEqualTo("ours");
      assertThat(client.seen()).noneMatch(e -> e.toString().contains("theirs"));
    }
  }

  private void write(OrgId org, String subject) {
    var house = node.house();
    JournalEntry entry = new JournalEntry("test.written", subject, null, Json.object());
    house
        .database()
        .write(
            org,
            tx -> {
              house.journal.append(tx, org, entry);
              return true;
            });
  }
}
