package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.TestNode;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do wrong, and what they are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProtocolIT {
  private final TestNode node = TestNode.scripted("version: 1\nrules:\n  - then: {text: hello}\n");
  private final String key =
      node.house().keys.create(node.org(), new ApiKey.Wish("test", Role.OWNER, null)).secret();

  @AfterAll
  void stop() {
    node.close();
  }

  private Client stranger() {
    return Client.open(node.rookery().url(), null);
  }

  private Client connected() {
    return Client.connected(node.rookery().url(), key);
  }

  private static ObjectNode version(String version) {
    return Json.object().put("version", version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "{",
        "[]",
        "\"req\"",
        "{}",
        "{\"type\":\"res\",\"id\":\"1\"}",
        "{\"type\":\"req\"}",
        "{\"type\":\"req\",\"id\":7,\"method\":\"connect\"}",
        "{\"type\":\"req\",\"id\":\"\",\"method\":\"connect\"}",
        "{\"type\":\"req\",\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}"
      })
  void what_is_no_request_ends_the_socket(String text) {
    try (Client client = connected()) {
      client.raw(text);
      assertThat(client.closed().code()).isEqualTo(4400);
      assertThat(client.closed().reason()).isNotEmpty();
    }
  }

  @Test
  void binary_frames_end_the_socket() {
    try (Client client = connected()) {
      assertThat(client.binary().closed().code()).isEqualTo(4400);
    }
  }

  @Test
  void the_first_request_is_connect() {
    try (Client client = stranger()) {
      assertThat(client.ask("run.list", Json.object()).at("/error/code").asText())
          .isEqualTo("not-connected");
      assertThat(client.closed().code()).isEqualTo(4400);
    }
  }

  @Test
  void another_version_is_refused() {
    for (String version : List.of("1", "3", "two")) {
      try (Client client = stranger()) {
        JsonNode answer = client.ask("connect", version(version).put("key", key));
        assertThat(answer.at("/error/code").asText()).isEqualTo("bad-version");
        assertThat(client.closed())
            .isEqualTo(new Client.Closed(4400, "this server speaks version 2"));
      }
    }
  }

  @Test
  void a_frame_that_is_too_large_ends_the_socket() {
    try (Client client = stranger()) {
      client.raw("x".repeat(Limits.STRANGER_BYTES + 1));
      assertThat(client.closed().code()).isEqualTo(1009);
    }
    try (Client client = connected()) {
      String padding = "x".repeat((1 << 20) - 200);
      JsonNode answer = client.ask("api.call", Json.object().put("method", padding));
      assertThat(answer.at("/error/code").asText()).isEqualTo("missing-parameter");
      client.raw("x".repeat((1 << 20) + 1));
      assertThat(client.closed().code()).isEqualTo(1009);
    }
  }

  @Test
  void a_cursor_from_the_future_is_refused_and_another_one_may_be_tried() {
    try (Client client = stranger()) {
      JsonNode answer = client.ask("connect", version("2").put("key", key).put("after", 1_000_000));
      assertThat(answer.at("/error/code").asText()).isEqualTo("cursor-from-the-future");
      assertThat(answer.at("/error/status").asInt()).isEqualTo(400);
      answer = client.ask("connect", version("2").put("key", key).put("after", 0));
      assertThat(answer.path("ok").asBoolean()).isTrue();
      answer = client.ask("subscribe", Json.object().put("after", 1_000_000));
      assertThat(answer.at("/error/code").asText()).isEqualTo("cursor-from-the-future");
      assertThat(client.event().path("seq").asLong()).isEqualTo(1);
    }
  }

  @Test
  void params_that_do_not_fit_are_refused_and_the_socket_lives_on() {
    String unknownRun = "run_" + "0".repeat(32);
    try (Client client = connected()) {
      refused(client, "no.such", Json.object(), "unknown-method");
      refused(client, "run.get", Json.object(), "missing-parameter");
      refused(client, "run.get", Json.object().put("id", 7), "bad-parameter");
      refused(client, "run.get", Json.object().put("id", unknownRun), "run-not-found");
      refused(client, "run.get", Json.object().put("id", "../status"), "run-not-found");
      refused(client, "run.list", Json.object().put("colour", "red"), "unknown-parameter");
      refused(
          client, "run.list", Json.object().put("agent", "x".repeat(10_000)), "parameter-too-long");
      refused(client, "run.create", Json.object().put("agent", "rook"), "missing-field");
      refused(client, "ping", Json.object().put("a", 1), "unknown-parameter");
      refused(client, "connect", version("2"), "already-connected");
      refused(client, "subscribe", Json.object().put("after", -1), "bad-parameter");
      refused(client, "subscribe", Json.object().put("after", "7"), "bad-parameter");
      refused(client, "subscribe", Json.object().put("scope", "all"), "bad-parameter");
      ObjectNode scope = Json.object();
      scope.putObject("scope").put("run", unknownRun);
      refused(client, "subscribe", scope, "run-not-found");
      scope.putObject("scope").put("run", unknownRun).put("agent", "rook");
      refused(client, "subscribe", scope, "bad-parameter");
      refused(client, "api.call", Json.object().put("method", "GET"), "missing-parameter");
      for (String path : List.of("/metrics", "/api/v1/../status", "/api/v1/runs?state=done")) {
        ObjectNode call = Json.object().put("method", "GET").put("path", path);
        assertThat(client.ask("api.call", call).path("ok").asBoolean(true)).as(path).isFalse();
      }
      client.raw("{\"type\":\"req\",\"id\":\"extra\",\"method\":\"ping\",\"colour\":\"red\"}");
      assertThat(client.response().at("/error/code").asText()).isEqualTo("unknown-field");
      client.raw("{\"type\":\"req\",\"id\":\"list\",\"method\":\"ping\",\"params\":[]}");
      assertThat(client.response().at("/error/code").asText()).isEqualTo("bad-value");
      assertThat(client.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
    }
  }

  private static void refused(Client client, String method, ObjectNode params, String code) {
    JsonNode answer = client.ask(method, params);
    assertThat(answer.path("ok").asBoolean(true)).isFalse();
    assertThat(answer.at("/error/code").asText()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.at("/error/message").asText()).isNotEmpty();
    assertThat(answer.at("/error/status").asInt()).isBetween(400, 499);
  }

  @Test
  void pages_of_other_origins_get_no_socket() {
    String own = node.rookery().url();
    try (Client client = Client.from(own, own)) {
      assertThat(client.isOpen()).isTrue();
    }
    for (String origin : List.of("https://evil.example", "null", own + "0", "file://")) {
      assertThatThrownBy(() -> Client.from(own, origin))
          .as(origin)
          .rootCause()
          .hasMessageContaining("403");
    }
  }

  @Test
  void an_upgrade_with_a_bad_key_is_no_socket() {
    assertThatThrownBy(() -> Client.open(node.rookery().url(), "rk_nonsense"))
        .rootCause()
        .hasMessageContaining("401");
  }

  @Test
  void what_does_not_want_to_upgrade_is_told_so() throws Exception {
    URI url = URI.create(node.rookery().url() + Gateway.PATH);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(Json.parse(answer.body()).path("code").asText()).isEqualTo("upgrade-required");
  }
}
