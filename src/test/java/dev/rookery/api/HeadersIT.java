package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.orgs.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Entity tags, chosen fields and keys against repetition, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HeadersIT {
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.OWNER);

  @AfterAll
  void close() {
    server.close();
  }

  private TestServer.Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request);
  }

  private TestServer.Answer get(String path) {
    return send("GET", path, "");
  }

  @Test
  void an_edit_of_something_that_changed_meanwhile_changes_nothing() {
    String agent =
        send("POST", "/api/v1/agents", "{\"handle\":\"edited\"}").json().path("id").asText();
    String policy = get("/api/v1/agents/" + agent + "/policies").json().at("/items/0/id").asText();
    String path = "/api/v1/policies/" + policy;
    String tag = get(path).header("ETag");
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    assertThat(get(path).header("ETag")).isEqualTo(tag);
    assertThat(send("GET", path, "", "If-None-Match", "W/" + tag + ", \"x\"").status())
        .isEqualTo(304);

    var first = send("PATCH", path, "{\"name\":\"One\"}", "If-Match", tag);
    var second = send("PATCH", path, "{\"name\":\"Two\"}", "If-Match", tag);

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.code()).isEqualTo("precondition-failed");
    assertThat(get(path).json().path("name").asText()).isEqualTo("One");
    assertThat(send("GET", path, "", "If-None-Match", tag).status()).isEqualTo(200);
    String now = get(path).header("ETag");
    assertThat(send("PATCH", path, "{\"name\":\"Three\"}", "If-Match", "\"x\", " + now).status())
        .isEqualTo(200);
    assertThat(send("PATCH", path, "{\"name\":\"Four\"}", "If-Match", "*").status()).isEqualTo(200);
    assertThat(send("DELETE", "/api/v1/rules/rul_x", "", "If-Match", "\"x\"").code())
        .isEqualTo("precondition-failed");
  }

  @Test
  void only_the_fields_that_are_wanted_come() {
    send("POST", "/api/v1/agents", "{\"handle\":\"narrow\"}");
    JsonNode one = get("/api/v1/agents/narrow?fields=handle,nothing").json();
    assertThat(one).hasToString("{\"handle\":\"narrow\"}");
    JsonNode list = get("/api/v1/agents?fields=handle").json();
    assertThat(list.path("items").valueStream()).allSatisfy(a -> assertThat(a).hasSize(1));
    assertThat(list.has("next")).isTrue();
    JsonNode status = get("/api/v1/status?fields=runs.done,org.name").json();
    assertThat(status.path("runs")).hasSize(1);
    assertThat(status.path("org")).hasSize(1);
    for (String bad :
        List.of("", "a,,b", "a.", "%00", "a%20b", "x".repeat(10_000), "a.".repeat(9) + "a")) {
      var answer = get("/api/v1/status?fields=" + bad);
      assertThat(answer.status()).as(bad).isIn(400, 414, 431);
    }
    assertThat(get("/api/v1/status?fields=" + "x".repeat(1_500)).code()).isEqualTo("bad-parameter");
    assertThat(get("/api/v1/status?fields=" + "x".repeat(5_000)).code())
        .isEqualTo("parameter-too-long");
    assertThat(send("POST", "/api/v1/agents?fields=id", "{\"handle\":\"n\"}").code())
        .isEqualTo("unknown-parameter");
  }

  @Test
  void a_post_with_a_key_is_performed_once() {
    String[] again = {"Idempotency-Key", "make-one"};
    var first = send("POST", "/api/v1/agents", "{\"handle\":\"once\"}", again);
    var second = send("POST", "/api/v1/agents", "{\"handle\":\"once\"}", again);
    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(201);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(send("POST", "/api/v1/agents", "{\"handle\":\"twice\"}", again).code())
        .isEqualTo("idempotency-key-reused");

    String[] secret = {"Idempotency-Key", "make-key"};
    String wish = "{\"name\":\"k\",\"role\":\"viewer\"}";
    assertThat(send("POST", "/api/v1/keys", wish, secret).json().path("secret").asText())
        .startsWith("rk_");
    assertThat(send("POST", "/api/v1/keys", wish, secret).json().path("secret").isNull()).isTrue();
  }
}
