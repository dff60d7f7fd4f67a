package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.orgs.Role;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Webhooks of policies over real HTTP: what is shown once, what is let in, what is listed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HookRoutesIT {
  private final TestServer server = TestServer.start();
  private final String operator = server.key(Role.OPERATOR);
  private final String viewer = server.key(Role.VIEWER);
  private int hooks;

  @BeforeAll
  void agent() {
    server.house().agents.create(server.org(), new NewAgent("rook", "Rook", "", null));
  }

  @AfterAll
  void close() {
    server.close();
  }

  private JsonNode hook(String config) {
    String body = "{'name':'hook %d','trigger':'webhook','config':%s}".formatted(hooks++, config);
    var answer = server.post(operator, "/api/v1/agents/rook/policies", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    return answer.json();
  }

  private static String path(JsonNode policy, String below) {
    return "/api/v1/policies/" + policy.path("id").asText() + below;
  }

  private TestServer.Answer deliver(String path, byte[] body) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private TestServer.Answer deliver(String path) {
    return deliver(path, new byte[] {'{', '}'});
  }

  @Test
  void the_url_is_shown_once_and_then_no_more() {
    JsonNode made = hook("{'signature':'sha256'}");
    String url = made.at("/hook/path").asText();
    String secret = made.at("/hook/signing_secret").asText();
    assertThat(made.at("/hook/url").asText()).isEqualTo("https://rook.example" + url);
    assertThat(url).matches("/hooks/pol_[0-9a-f]{32}/[A-Za-z0-9_-]{43}");

    String token = url.substring(url.lastIndexOf('/') + 1);
    for (String below : new String[] {"", "/hook", "/deliveries"}) {
      assertThat(server.get(viewer, path(made, below)).response().body())
          .doesNotContain(token)
          .doesNotContain(secret);
    }
    assertThat(server.get(viewer, path(made, "/hook")).json().path("secret_set").asBoolean())
        .isTrue();
  }

  @Test
  void a_delivery_is_accepted_and_listed_with_what_was_refused() {
    JsonNode made = hook("{}");
    String url = made.at("/hook/path").asText();

    assertThat(deliver(url).response().body()).isEqualTo("{}");
    var wrong = deliver(url + "x");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.json().path("detail").asText()).isEqualTo("The delivery was not accepted.");
    assertThat(deliver(url, new byte[(1 << 20) + 1]).status()).isEqualTo(413);
    assertThat(deliver(url, new byte[] {'{'}).code()).isEqualTo("malformed-json");

    var listed = server.get(viewer, path(made, "/deliveries?limit=3")).json();
    assertThat(listed.path("items"))
        .extracting(d -> d.path("code").asText())
        .containsExactly("malformed-json", "body-too-large", "token-wrong");
    var rest =
        server
            .get(viewer, path(made, "/deliveries?before=" + listed.path("next").asText()))
            .json()
            .path("items");
    assertThat(rest).hasSize(1);
    assertThat(rest.get(0).path("event").asText()).startsWith("evt_");
    assertThat(rest.get(0).path("decision").isNull()).isTrue();
  }

  @Test
  void addresses_that_nobody_has_look_like_all_others() {
    String nobody = deliver("/hooks/pol_" + "0".repeat(32) + "/token").response().body();
    assertThat(nobody).contains("Nothing is delivered to this address.");
    assertThat(deliver("/hooks/telegram/int_" + "0".repeat(32)).response().body())
        .isEqualTo(nobody);
    assertThat(deliver("/hooks/pol_x/token").response().body()).isEqualTo(nobody);
    JsonNode made = hook("{}");
    server.call("DELETE", path(made, ""), operator, null);
    assertThat(deliver(made.at("/hook/path").asText()).response().body()).isEqualTo(nobody);
    JsonNode changed = hook("{}");
    server.call("PATCH", path(changed, ""), operator, "{\"trigger\":\"manual\"}");
    assertThat(deliver(changed.at("/hook/path").asText()).response().body()).isEqualTo(nobody);
  }

  @Test
  void a_new_url_ends_the_old_one() {
    JsonNode made = hook("{}");
    JsonNode issued = server.post(operator, path(made, "/hook"), "{}").json();
    assertThat(issued.path("signing_secret").isNull()).isTrue();
    assertThat(deliver(made.at("/hook/path").asText()).status()).isEqualTo(401);
    assertThat(deliver(issued.path("path").asText()).status()).isEqualTo(200);
    assertThat(
            server
                .post(operator, path(made, "/hook"), "{\"signing_secret\":\"a-good-long-secret\"}")
                .code())
        .isEqualTo("not-signed");
    assertThat(deliver(issued.path("path").asText()).status()).isEqualTo(200);
  }

  @Test
  void a_sample_is_delivered_by_those_who_may() {
    JsonNode made = hook("{'signature':'standard'}");
    assertThat(server.post(viewer, path(made, "/hook/test"), "{}").status()).isEqualTo(403);
    JsonNode test =
        server.post(operator, path(made, "/hook/test"), "{\"payload\":{\"a\":1}}").json();
    assertThat(test.path("status").asInt()).isEqualTo(200);
    JsonNode event = server.get(viewer, "/api/v1/events/" + test.path("event").asText()).json();
    assertThat(event.path("trust").asText()).isEqualTo("unknown");
    assertThat(event.path("text").asText()).endsWith("{\"a\":1}");
  }

  @Test
  void only_webhooks_have_a_hook() {
    String manual =
        server.get(viewer, "/api/v1/policies?trigger=manual").json().at("/items/0/id").asText();
    assertThat(server.get(viewer, "/api/v1/policies/" + manual + "/hook").code())
        .isEqualTo("not-a-webhook");
    assertThat(
            server
                .post(
                    operator,
                    "/api/v1/agents/rook/policies",
                    "{\"name\":\"x\",\"trigger\":\"webhook\",\"config\":{\"signature\":\"md5\"}}")
                .json()
                .path("detail")
                .asText())
        .contains("/config/signature", "none, sha256, standard");
  }
}
