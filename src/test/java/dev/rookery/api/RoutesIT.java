package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.inbox.Inbound;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Member;
import dev.rookery.orgs.Role;
import dev.rookery.orgs.Scopes;
import dev.rookery.spend.Limits;
import dev.rookery.spend.Money;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Window;
import dev.rookery.store.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The table of routes: who gets in, and whether the document tells the truth. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RoutesIT {
  private static final String WRONG_KEY = "rk_abcdefgh_" + "x".repeat(43);
  private final TestServer server = TestServer.start();

  @AfterAll
  void close() {
    server.close();
  }

  private List<Route> keyed() {
    return server.api().routes().stream()
        .filter(route -> route.access() instanceof Access.Key)
        .toList();
  }

  /** The path with these ids, by the segment before the parameter. */
  private static String path(Route route, Map<String, String> ids) {
    String path = route.path();
    for (Map.Entry<String, String> id : ids.entrySet()) {
      path = path.replace("/" + id.getKey() + "/{id}", "/" + id.getKey() + "/" + id.getValue());
    }
    return path.replace("{id}", "x")
        .replace("{seq}", "1")
        .replace("{tool}", "current_time")
        .replace("{user}", "17")
        .replace("{checkpoint}", "x")
        .replace("{task}", "x");
  }

  private static Map<String, String> unknownIds() {
    String hex = "0".repeat(32);
    return Map.of(
        "agents", "agt_" + hex,
        "runs", "run_" + hex,
        "events", "evt_" + hex,
        "integrations", "int_" + hex,
        "deliveries", "dlv_" + hex,
        "keys", "key_" + hex,
        "members", "mem_" + hex,
        "rules", "rul_" + hex,
        "policies", "pol_" + hex);
  }

  /** A body that is in order as far as its shape goes. */
  private static String body(Route route) {
    Shape request = route.doc().request();
    if (request == null) {
      return "{}";
    }
    ObjectNode body = Json.object();
    for (Shape.Field field : request.fields()) {
      if (field.required()) {
        switch (field.kind()) {
          case TEXT ->
              body.put(field.name(), field.oneOf().isEmpty() ? "x" : field.oneOf().getFirst());
          case BOOLEAN -> body.put(field.name(), true);
          case INTEGER -> body.put(field.name(), 1);
          case TEXTS -> body.putArray(field.name());
          case OBJECT, TEXT_MAP -> body.putObject(field.name());
        }
      }
    }
    return Json.write(body);
  }

  @Test
  void no_route_lets_anybody_in_without_a_key() {
    for (Route route : keyed()) {
      var answer = server.call(route.method(), path(route, unknownIds()), null, body(route));
      assertThat(answer.status()).as(route.name()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("key-missing");
      assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }
  }

  @Test
  void no_route_lets_anybody_in_with_a_wrong_a_revoked_or_an_expired_key() {
    var revoked =
        server.house().keys.create(server.org(), new ApiKey.Wish("old", Role.OWNER, null));
    server.house().keys.revoke(server.org(), revoked.key().id());
    for (Route route : keyed()) {
      String path = path(route, unknownIds());
      for (String key : List.of(WRONG_KEY, "nonsense", revoked.secret())) {
        assertThat(server.call(route.method(), path, key, body(route)).status())
            .as(route.name())
            .isEqualTo(401);
      }
    }
    var soon =
        server
            .house()
            .keys
            .create(
                server.org(), new ApiKey.Wish("brief", Role.OWNER, Instant.now().plusMillis(400)));
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (server.get(soon.secret(), "/api/v1/status").status() == 200) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    for (Route route : keyed()) {
      var answer =
          server.call(route.method(), path(route, unknownIds()), soon.secret(), body(route));
      assertThat(answer.status()).as(route.name()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("key-expired");
    }
  }

  @Test
  void every_route_refuses_a_role_that_is_too_low() {
    Map<Role, String> keys = new HashMap<>();
    for (Role role : Role.values()) {
      keys.put(role, server.key(role));
    }
    for (Route route : keyed()) {
      Role needed = ((Access.Key) route.access()).role();
      for (Role role : Role.values()) {
        if (!role.atLeast(needed)) {
          var answer =
              server.call(route.method(), path(route, unknownIds()), keys.get(role), body(route));
          assertThat(answer.status()).as(route.name() + " as " + role).isEqualTo(403);
          assertThat(answer.code()).isEqualTo("role-too-low");
        }
      }
    }
  }

  private String scoped(String... scopes) {
    ApiKey.Rights rights = new ApiKey.Rights(Role.OWNER, new Scopes(List.of(scopes)), null);
    return server
        .house()
        .keys
        .create(server.org(), new ApiKey.Wish("scoped", rights, null))
        .secret();
  }

  @Test
  void every_route_refuses_a_key_without_its_scope_and_names_it() {
    Map<String, String> keys = new HashMap<>();
    for (Route route : keyed()) {
      String path = path(route, unknownIds());
      String area = route.area();
      String other = keys.computeIfAbsent("not " + area, _ -> scoped(area + "-not"));
      var without = server.call(route.method(), path, other, body(route));
      assertThat(without.status()).as(route.name()).isEqualTo(403);
      assertThat(without.code()).isEqualTo("scope-missing");
      assertThat(without.json().path("detail").asText())
          .contains("this needs " + area + (route.looks() ? ":read" : ""));
      if (route.stream() != null) {
        continue; // a stream that is let in does not end
      }
      String read = keys.computeIfAbsent(area + ":read", scope -> scoped(scope));
      boolean refused = server.call(route.method(), path, read, body(route)).status() == 403;
      assertThat(refused).as(route.name() + " to look only").isEqualTo(!route.looks());
    }
  }

  @Test
  void a_scope_opens_its_area_and_no_other() {
    String key = scoped("agents", "runs:read");
    assertThat(server.post(key, "/api/v1/agents", "{\"handle\":\"scoped\"}").status())
        .isEqualTo(201);
    assertThat(server.get(key, "/api/v1/runs").status()).isEqualTo(200);
    assertThat(server.get(key, "/api/v1/keys").code()).isEqualTo("scope-missing");

    String maker = scoped("keys", "runs:read");
    String more = "{\"name\":\"k\",\"role\":\"viewer\",\"scopes\":%s}";
    assertThat(server.post(maker, "/api/v1/keys", more.formatted("[\"runs\"]")).code())
        .isEqualTo("scope-missing");
    assertThat(server.post(maker, "/api/v1/keys", more.formatted("[]")).code())
        .isEqualTo("scope-missing");
    var made = server.post(maker, "/api/v1/keys", more.formatted("[\"runs:read\"]"));
    assertThat(made.json().path("scopes")).hasSize(1);
    var unknown = server.post(maker, "/api/v1/keys", more.formatted("[\"ruins\"]"));
    assertThat(unknown.code()).isEqualTo("unknown-scope");
    assertThat(unknown.json().path("detail").asText()).contains("'ruins'", "agents, ", "runs, ");
  }

  @Test
  void only_these_routes_let_anybody_in() {
    assertThat(server.api().routes())
        .filteredOn(route -> !(route.access() instanceof Access.Key))
        .extracting(Route::name)
        .containsExactlyInAnyOrder(
            "GET /health/live", "GET /health/ready", "GET /metrics", "GET /api/v1/openapi.json");
  }

  @Test
  void a_parameter_that_is_far_too_long_is_refused_before_anybody_looks_for_it() {
    String key = server.key(Role.OWNER);
    for (Route route : keyed()) {
      for (Route.Query query : route.doc().query()) {
        String path = path(route, unknownIds()) + "?" + query.name() + "=";
        var answer = server.call(route.method(), path + "x".repeat(10_000), key, body(route));
        assertThat(answer.status()).as(route.name()).isIn(400, 414);
        var shorter = server.call(route.method(), path + "x".repeat(3_000), key, body(route));
        assertThat(shorter.code()).as(route.name()).isEqualTo("parameter-too-long");
      }
    }
  }

  @Test
  void what_belongs_to_another_organization_does_not_exist() {
    Map<String, String> theirs = thingsOf(server.house().orgs.create("Theirs").id());
    String mine = server.key(Role.OWNER);
    int tried = 0;
    for (Route route : keyed()) {
      if (route.path().contains("{id}")) {
        tried++;
        assertThat(server.call(route.method(), path(route, theirs), mine, body(route)).status())
            .as(route.name())
            .isEqualTo(404);
        assertThat(
                server.call(route.method(), path(route, unknownIds()), mine, body(route)).status())
            .as(route.name())
            .isEqualTo(404);
      }
    }
    assertThat(tried).isGreaterThan(10);
    for (Route route : keyed()) {
      if (route.method().equals("GET") && !route.path().contains("{") && route.stream() == null) {
        String all = server.get(mine, route.path()).response().body();
        assertThat(all).as(route.name()).doesNotContain(theirs.values());
      }
    }
  }

  /** One of each. */
  private Map<String, String> thingsOf(OrgId org) {
    var house = server.house();
    AgentId agent = house.agents.create(org, new NewAgent("theirs", "Theirs", "", null)).id();
    RunId run = house.database().write(org, tx -> Rows.run(tx, org, agent));
    var integration =
        house.integrations.create(
            org,
            new NewIntegration(
                "telegram", "theirs", Json.object(), Map.of("bot_token", "t"), List.of()));
    Inbound fact =
        new Inbound(
            new Inbound.Origin("api", null, null),
            "message",
            "theirs-1",
            new Inbound.Place("api:theirs", null, "api:theirs", "", true),
            new Inbound.Actor(Inbound.Actor.Kind.MEMBER, "m", "M", 0),
            Instant.now(),
            new Inbound.Content("hello", true, null, List.of()),
            Json.object());
    var event = house.inbox.acceptAll(org, List.of(fact), agent).getFirst().event();
    var key = house.keys.create(org, new ApiKey.Wish("theirs", Role.OWNER, null)).key().id();
    NewBudget limit =
        new NewBudget(new Scope.OfAgent(agent), Window.DAY, new Limits(null, Money.parse("1.00")));
    var budget = house.spend.budgets().create(org, limit).budget().id();
    Member.Person person = new Member.Person("Theirs", "theirs@example.org");
    return Map.of(
        "members", house.members.create(org, person, Role.VIEWER).id().value(),
        "budgets", budget.value(),
        "agents", agent.value(),
        "runs", run.value(),
        "events", event.value(),
        "integrations", integration.id().value(),
        "policies", house.activations.policies(org, agent).getFirst().id().value(),
        "keys", key.value());
  }

  @Test
  void the_document_and_the_routes_name_each_other() {
    Set<String> documented = new HashSet<>();
    server
        .contract()
        .document()
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        m -> documented.add(m.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> served =
        server.api().routes().stream().map(Route::name).collect(Collectors.toSet());
    served.add("POST " + HookDoor.PATH);
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void every_entry_of_the_document_is_whole_and_every_schema_is_used() {
    JsonNode document = server.contract().document();
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    Set<String> ids = new HashSet<>();
    for (Route route : server.api().routes()) {
      JsonNode operation = server.contract().operation(route);
      assertThat(operation.path("summary").asText()).as(route.name()).isNotBlank();
      assertThat(ids.add(operation.path("operationId").asText())).as(route.name()).isTrue();
      assertThat(operation.at("/responses/default/content").has("application/problem+json"))
          .isTrue();
      List<String> parameters = new ArrayList<>();
      operation.path("parameters").forEach(p -> parameters.add(p.path("name").asText()));
      assertThat(parameters).containsAll(route.parameters());
    }
    Set<String> references = new HashSet<>();
    for (String ref : document.findValuesAsText("$ref")) {
      assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
      if (ref.startsWith("#/components/schemas/")) {
        references.add(ref.replaceAll(".*/", ""));
      }
    }
    Set<String> schemas = new HashSet<>();
    document.at("/components/schemas").fieldNames().forEachRemaining(schemas::add);
    assertThat(references).isEqualTo(schemas);
  }

  @Test
  void a_route_without_access_cannot_be_entered() {
    Routes routes = new Routes();
    assertThatThrownBy(() -> routes.get("/open").does("Forgets who may").by(_ -> Reply.nothing()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> routes.get("/mute").allows(Access.VIEWER).by(_ -> Reply.nothing()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(routes.all()).isEmpty();
  }

  @Test
  void unknown_paths_methods_and_parameters_are_problems() {
    String key = server.key(Role.OWNER);
    assertThat(server.get(key, "/api/v1/nothing").status()).isEqualTo(404);
    assertThat(server.get(key, "/").status()).isEqualTo(404);
    assertThat(server.call("DELETE", "/api/v1/status", key, null).status()).isEqualTo(405);
    var unknown = server.get(key, "/api/v1/runs?stat=done");
    assertThat(unknown.code()).isEqualTo("unknown-parameter");
    assertThat(unknown.json().path("detail").asText()).contains("'stat'").contains("state, agent");
    for (String bad : List.of("limit=0", "limit=201", "limit=x", "state=lost", "before=run_1")) {
      assertThat(server.get(key, "/api/v1/runs?" + bad).status()).as(bad).isEqualTo(400);
    }
  }
}
