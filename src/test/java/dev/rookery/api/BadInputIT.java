package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.orgs.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Requests that are not in order, over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputIT {
  private static final String AGENTS = "/api/v1/agents";
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.OWNER);

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void malformed_json_is_refused_with_line_and_column() {
    var answer = server.post(key, AGENTS, "{\"handle\": \"a\",\n  oops}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("malformed-json");
    assertThat(answer.json().path("detail").asText()).contains("line 2");
  }

  @Test
  void bodies_that_do_not_fit_are_refused_and_the_field_is_named() {
    Map<String, String> bodies =
        Map.of(
            "{}", "missing-field",
            "{\"handle\": null}", "missing-field",
            "{\"handle\": 7}", "bad-value",
            "{\"handle\": \"a\", \"tools\": [1]}", "bad-value",
            "{\"handle\": \"a\", \"tools\": \"clock\"}", "bad-value",
            "{\"handle\": \"a\", \"handel\": \"b\"}", "unknown-field",
            "{\"handle\": \"a\", \"handle\": \"b\"}", "malformed-json",
            "[]", "not-an-object",
            "", "malformed-json",
            "{\"handle\": \"a\"} x", "malformed-json");
    bodies.forEach(
        (body, code) -> {
          var answer = server.post(key, AGENTS, body);
          assertThat(answer.status()).as(body).isEqualTo(400);
          assertThat(answer.code()).as(body).isEqualTo(code);
        });
    assertThat(
            server.post(key, AGENTS, "{\"handle\":\"a\",\"x\":1}").json().path("detail").asText())
        .contains("'x'")
        .contains("handle, name, instructions, model, tools");
    assertThat(server.post(key, AGENTS, "{\"handle\":7}").json().path("detail").asText())
        .contains("'handle'")
        .contains("a string");
    String deep = "{\"handle\":\"a\",\"name\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    assertThat(server.post(key, AGENTS, deep).status()).isEqualTo(400);
  }

  @Test
  void a_body_must_be_json_by_its_type() {
    for (String type : new String[] {"text/plain", "application/json; charset=utf-16", "x"}) {
      var answer =
          server.send(
              server
                  .request(AGENTS)
                  .header("Authorization", "Bearer " + key)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{\"handle\":\"a\"}")));
      assertThat(answer.status()).as(type).isEqualTo(415);
      assertThat(answer.code()).isEqualTo("unsupported-media-type");
    }
  }

  @Test
  void a_body_that_is_too_large_is_refused_also_without_a_declared_length() {
    byte[] large =
        ("{\"handle\":\"" + "a".repeat(1 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
    var declared = server.send(json().POST(BodyPublishers.ofByteArray(large)));
    var chunked =
        server.send(
            json().POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
    assertThat(declared.status()).isEqualTo(413);
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.code()).isEqualTo("body-too-large");
  }

  private java.net.http.HttpRequest.Builder json() {
    return server
        .request(AGENTS)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  @Test
  void an_endless_chunked_body_is_cut_off_at_the_limit() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
      socket.setSoTimeout(20_000);
      var out = socket.getOutputStream();
      out.write(
          ("POST "
                  + AGENTS
                  + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + key
                  + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk =
          ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 20; i++) {
        out.write(chunk);
      }
      out.flush();
      assertThat(firstLine(socket.getInputStream())).contains("413");
    }
  }

  @Test
  void what_is_not_http_gets_a_problem_and_the_server_goes_on() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(300), StandardCharsets.UTF_8);
      assertThat(answer)
          .contains("400")
          .contains("application/problem+json")
          .doesNotContain("Jetty");
    }
    assertThat(server.get(key, "/api/v1/status").status()).isEqualTo(200);
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  @Test
  void text_of_every_kind_is_taken_and_given_back_clean() {
    server.post(key, AGENTS, "{\"handle\":\"texts\"}");
    String[] texts = {
      "\\ud83d lone", "\\u202eright to left", "zero\\u200bwidth", "nul\\u0000", "x".repeat(100_000)
    };
    for (String text : texts) {
      var accepted = server.post(key, AGENTS + "/texts/messages", "{\"text\":\"" + text + "\"}");
      assertThat(accepted.status()).isEqualTo(202);
      var event = server.get(key, "/api/v1/events/" + accepted.json().path("event_id").asText());
      assertThat(event.json().path("text").asText()).doesNotContain("\0", "\ud83d").isNotBlank();
    }
    assertThat(server.post(key, AGENTS + "/texts/messages", "{\"text\":\" \"}").status())
        .isEqualTo(400);
  }

  @Test
  void every_answer_has_its_headers_and_says_nothing_of_the_server() {
    var answer = server.get(key, "/api/v1/status");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("X-Trace-Id")).matches("[0-9a-f]{32}");
    assertThat(answer.response().headers().map())
        .doesNotContainKeys("Server", "server", "set-cookie");
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    var traced =
        server.send(
            server
                .request("/api/v1/status")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
    assertThat(traced.header("X-Trace-Id")).isEqualTo(trace);
  }

  @Test
  void what_breaks_inside_is_told_without_its_internals() {
    var answer = server.get(key, "/broken-page");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.code()).isEqualTo("internal");
    assertThat(answer.response().body()).doesNotContain("broken", "Exception");
    assertThat(server.raw("GET", "/page/x", null).response().body()).isEqualTo("page x");
  }
}
