package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.TestNode;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Methods that reach the rooms of the house. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MethodsIT {
  private final TestNode node = TestNode.scripted("version: 1\nrules:\n  - then: {text: hello}\n");
  private final Client client;

  MethodsIT() {
    node.agent("rook");
    ApiKey.Wish wish = new ApiKey.Wish("test", Role.OPERATOR, null);
    String key = node.house().keys.create(node.org(), wish).secret();
    client = Client.connected(node.rookery().url(), key);
  }

  @AfterAll
  void stop() {
    client.close();
    node.close();
  }

  private static ObjectNode id(String id) {
    return Json.object().put("id", id);
  }

  @Test
  void every_capability_is_reached_by_its_path() {
    ObjectNode create =
        Json.object().put("method", "POST").put("path", "/api/v1/agents/rook/policies");
    create.putObject("body").put("name", "by path").put("trigger", "manual");
    JsonNode answer = client.ask("api.call", create);
    assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
    JsonNode missing =
        client.ask(
            "api.call", Json.object().put("method", "GET").put("path", "/api/v1/nothing-here"));
    assertThat(missing.at("/error/status").asInt()).isEqualTo(404);
    JsonNode wrong =
        client.ask("api.call", Json.object().put("method", "PUT").put("path", "/api/v1/status"));
    assertThat(wrong.at("/error/code").asText()).isEqualTo("method-not-allowed");
    JsonNode stream =
        client.ask("api.call", Json.object().put("method", "GET").put("path", "/api/v1/stream"));
    assertThat(stream.at("/error/code").asText()).isEqualTo("is-a-stream");
    ObjectNode query = Json.object().put("method", "GET").put("path", "/api/v1/runs");
    query.putObject("query").put("colour", "red");
    assertThat(client.ask("api.call", query).at("/error/code").asText())
        .isEqualTo("unknown-parameter");
  }

  @Test
  void schedules_live_and_end_by_their_methods() {
    ObjectNode wish =
        Json.object().put("agent", "rook").put("name", "hourly").put("trigger", "interval");
    wish.putObject("config").put("every_ms", 3_600_000).put("prompt", "look around");
    JsonNode made = client.ask("schedule.create", wish);
    String id = made.at("/payload/id").asText();
    assertThat(made.path("ok").asBoolean()).as(made.toString()).isTrue();
    for (String method : List.of("schedule.get", "schedule.preview", "schedule.pause")) {
      JsonNode answer = client.ask(method, id(id));
      assertThat(answer.at("/payload/id").asText()).as(answer.toString()).isEqualTo(id);
    }
    assertThat(client.ask("schedule.resume", id(id)).path("ok").asBoolean()).isTrue();
    assertThat(client.ask("schedule.update", id(id).put("name", "often")).at("/payload/name"))
        .hasToString("\"often\"");
    assertThat(client.ask("schedule.run_now", id(id)).path("ok").asBoolean()).isTrue();
    assertThat(client.ask("schedule.list", Json.object()).at("/payload/items")).isNotEmpty();
    assertThat(client.ask("schedule.delete", id(id)).path("payload")).isEqualTo(Json.object());
  }

  @Test
  void open_sockets_are_counted() {
    JsonNode status = client.ask("status.get", Json.object());
    assertThat(status.path("ok").asBoolean()).isTrue();
    String text = scrape();
    assertThat(text.lines().filter(l -> l.startsWith("rookery_sockets_open ")).toList())
        .first()
        .satisfies(l -> assertThat(Double.parseDouble(l.split(" ")[1])).isPositive());
    assertThat(text).contains("rookery_sockets_closed_total{path=\"/ws\",reason=\"slow\"} 0.0");
  }

  private String scrape() {
    var request = HttpRequest.newBuilder(URI.create(node.rookery().url() + "/metrics")).build();
    return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString()).join().body();
  }
}
