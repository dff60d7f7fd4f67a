package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.orgs.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an organization configures, over HTTP. Every answer is also held against the document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResourcesIT {
  private final TestServer server = TestServer.start();
  private final String owner = server.key(Role.OWNER);

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void an_agent_is_created_with_its_tools_and_found_by_id_and_handle() {
    var created =
        server.post(
            owner,
            "/api/v1/agents",
            """
            {"handle": "ada", "name": "Ada", "instructions": "Help.", "tools": ["current_time"]}
            """);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().path("tools")).hasSize(1);
    String id = created.json().path("id").asText();
    assertThat(server.get(owner, "/api/v1/agents/" + id).json()).isEqualTo(created.json());
    assertThat(server.get(owner, "/api/v1/agents/ada").json()).isEqualTo(created.json());
    assertThat(server.get(owner, "/api/v1/agents/ada/policies").json().path("items"))
        .extracting(policy -> policy.path("trigger").asText())
        .contains("mention", "manual");
    var again = server.post(owner, "/api/v1/agents", "{\"handle\":\"ada\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("agent-exists");
    var strange = server.post(owner, "/api/v1/agents", "{\"handle\":\"b\",\"tools\":[\"nope\"]}");
    assertThat(strange.status()).isEqualTo(404);
    assertThat(server.get(owner, "/api/v1/agents/b").status()).isEqualTo(404);
  }

  @Test
  void agents_are_paged_newest_first() {
    String key = server.key(server.house().orgs.create("Many").id(), Role.OWNER);
    for (int i = 0; i < 7; i++) {
      server.post(key, "/api/v1/agents", "{\"handle\":\"a%d\"}".formatted(i));
    }
    List<String> seen = new ArrayList<>();
    String before = "";
    do {
      JsonNode page = server.get(key, "/api/v1/agents?limit=3" + before).json();
      page.path("items").forEach(agent -> seen.add(agent.path("handle").asText()));
      before = page.path("next").isNull() ? "" : "&before=" + page.path("next").asText();
    } while (!before.isEmpty());
    assertThat(seen).containsExactly("a6", "a5", "a4", "a3", "a2", "a1", "a0");
    assertThat(server.get(key, "/api/v1/status").json().path("agents").asInt()).isEqualTo(7);
  }

  @Test
  void tools_are_defined_granted_and_denied() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"tooled\"}");
    var created =
        server.post(
            owner,
            "/api/v1/tools",
            """
            {"name": "lamp", "description": "Switches the lamp.", "url": "https://lamp.example/x",
             "schema": {"type": "object"}, "effect_class": "keyed",
             "secret_headers": {"X-Token": "very-secret"}}
            """);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.response().body()).doesNotContain("very-secret").contains("X-Token");
    assertThat(server.get(owner, "/api/v1/tools").json().path("items"))
        .extracting(tool -> tool.path("name").asText())
        .contains("lamp", "current_time");
    String grant = "/api/v1/agents/tooled/tools/lamp";
    var put = server.call("PUT", grant, owner, "{\"verdict\":\"allow\"}");
    assertThat(put.json().path("verdict").asText()).isEqualTo("allow");
    assertThat(server.get(owner, "/api/v1/agents/tooled").json().path("tools")).hasSize(1);
    server.call("PUT", grant, owner, "{\"verdict\":\"deny\"}");
    assertThat(server.get(owner, "/api/v1/agents/tooled").json().path("tools")).isEmpty();
    assertThat(server.call("DELETE", grant, owner, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", grant, owner, null).status()).isEqualTo(404);
    assertThat(server.call("PUT", grant, owner, "{\"verdict\":\"ask\"}").status()).isEqualTo(200);
    assertThat(server.get(owner, "/api/v1/agents/tooled").json().path("tools")).hasSize(1);
    assertThat(server.call("PUT", grant, owner, "{\"verdict\":\"no\"}").status()).isEqualTo(400);
  }

  @Test
  void an_integration_is_checked_completed_and_never_shows_its_secrets() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"served\"}");
    var created =
        server.post(
            owner,
            "/api/v1/integrations",
            """
            {"channel": "telegram", "name": "bot one", "agents": ["served"],
             "config": {"mode": "webhook"}, "secrets": {"bot_token": "1:very-secret"}}
            """);
    assertThat(created.status()).isEqualTo(201);
    String id = created.json().path("id").asText();
    assertThat(created.json().path("secrets_set"))
        .extracting(JsonNode::asText)
        .containsExactly("bot_token", "webhook_secret");
    assertThat(created.json().at("/config/bot_username").asText()).isEqualTo("rook_bot");
    assertThat(created.json().path("agents")).hasSize(1);
    assertThat(created.json().path("webhook_path").asText()).isEqualTo("/hooks/telegram/" + id);
    assertThat(server.setup().webhook).hasToString("https://rook.example/hooks/telegram/" + id);
    assertThat(server.get(owner, "/api/v1/integrations/" + id).response().body())
        .doesNotContain("very-secret", "generated-1", "enc:");
    assertThat(server.get(owner, "/api/v1/integrations").json().path("items")).isNotEmpty();
    var test = server.post(owner, "/api/v1/integrations/" + id + "/test", "");
    assertThat(test.json().path("ok").asBoolean()).isTrue();
    assertThat(server.house().integrations.find(server.org(), new IntegrationId(id))).isPresent();
  }

  @Test
  void an_integration_that_the_other_side_refuses_is_not_stored() {
    var refused =
        server.post(
            owner,
            "/api/v1/integrations",
            """
            {"channel": "telegram", "name": "refused", "config": {"refuse": true},
             "secrets": {"bot_token": "1:x"}}
            """);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("detail").asText()).contains("Unauthorized");
    assertThat(server.get(owner, "/api/v1/integrations/refused").status()).isEqualTo(404);
    var missing =
        server.post(owner, "/api/v1/integrations", "{\"channel\":\"telegram\",\"name\":\"n\"}");
    assertThat(missing.code()).isEqualTo("bot-token-missing");
    var unknown =
        server.post(owner, "/api/v1/integrations", "{\"channel\":\"fax\",\"name\":\"n\"}");
    assertThat(unknown.code()).isEqualTo("unknown-channel");
    assertThat(unknown.json().path("detail").asText()).contains("telegram");
  }

  @Test
  void a_key_is_shown_once_works_at_once_and_is_revoked_at_once() {
    var created =
        server.post(
            owner,
            "/api/v1/keys",
            "{\"name\":\"ci\",\"role\":\"operator\",\"expires_in_days\":30}");
    assertThat(created.status()).isEqualTo(201);
    String secret = created.json().path("secret").asText();
    String id = created.json().path("id").asText();
    assertThat(server.get(secret, "/api/v1/status").status()).isEqualTo(200);
    assertThat(server.get(owner, "/api/v1/keys").response().body())
        .contains(id)
        .doesNotContain(secret);
    assertThat(server.call("DELETE", "/api/v1/keys/" + id, owner, null).status()).isEqualTo(204);
    assertThat(server.get(secret, "/api/v1/status").code()).isEqualTo("key-revoked");
  }

  @Test
  void nobody_makes_or_revokes_a_key_that_may_do_more_than_their_own() {
    String admin = server.key(Role.ADMIN);
    var more = server.post(admin, "/api/v1/keys", "{\"name\":\"x\",\"role\":\"owner\"}");
    assertThat(more.status()).isEqualTo(403);
    var made = server.post(owner, "/api/v1/keys", "{\"name\":\"top\",\"role\":\"owner\"}");
    String id = made.json().path("id").asText();
    assertThat(server.call("DELETE", "/api/v1/keys/" + id, admin, null).status()).isEqualTo(403);
    assertThat(
            server
                .post(
                    owner,
                    "/api/v1/keys",
                    "{\"name\":\"x\",\"role\":\"viewer\",\"expires_in_days\":0}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void a_message_becomes_one_event_however_often_it_is_sent_with_one_key() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"once\"}");
    String path = "/api/v1/agents/once/messages";
    var first = message(path, "key-1", "{\"text\":\"hello\"}");
    var second = message(path, "key-1", "{\"text\":\"hello\"}");
    var other = message(path, "key-1", "{\"text\":\"something else\"}");
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().path("duplicate").asBoolean()).isFalse();
    assertThat(second.json().path("duplicate").asBoolean()).isTrue();
    assertThat(second.json().path("event_id")).isEqualTo(first.json().path("event_id"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("idempotency-key-reused");
    String conversation = first.json().path("conversation").asText();
    assertThat(
            server.get(owner, "/api/v1/events?conversation=" + conversation).json().path("items"))
        .hasSize(1);
    assertThat(message(path, "", "{\"text\":\"hello\"}").status()).isEqualTo(400);
    assertThat(server.post(owner, path, "{\"text\":\"x\",\"conversation\":\"telegram:1\"}").code())
        .isEqualTo("bad-conversation");
    assertThat(server.get(owner, "/api/v1/ingress?limit=2").json().path("next").asText())
        .startsWith("ing_");
  }

  private TestServer.Answer message(String path, String idempotencyKey, String body) {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + owner)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }
}
