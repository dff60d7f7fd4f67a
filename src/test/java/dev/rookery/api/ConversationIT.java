package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.TestNode;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A conversation over the API on a whole node, seen through the API alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConversationIT {
  private final TestNode node =
      TestNode.scripted(
          """
          version: 1
          rules:
            - when: {user_text: {contains: "what time"}}
              then: {tool_calls: [{tool: current_time, arguments: {zone: "Europe/Berlin"}}]}
            - when: {tool_result: {tool: current_time}}
              then: {text: "It is **late**."}
            - when: {user_text: {contains: "take long"}}
              then: {delay_ms: 20000, text: "at last"}
            - then: {text: "You said: {{last_user_text}}"}
          """);
  private final TestServer server = TestServer.over(node.house(), node.org());
  private final String key =
      node.house().keys.create(node.org(), new ApiKey.Wish("test", Role.OWNER, null)).secret();

  @AfterAll
  void close() {
    server.close();
    node.close();
  }

  private JsonNode say(String agent, String text) {
    var answer =
        server.post(
            key,
            "/api/v1/agents/" + agent + "/messages",
            "{\"text\":\"%s\",\"conversation\":\"cli:%s\",\"sender\":\"Ada\"}"
                .formatted(text, agent));
    assertThat(answer.status()).isEqualTo(202);
    return answer.json();
  }

  private JsonNode get(String path) {
    var answer = server.get(key, path);
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.json();
  }

  /** The first journal record of this kind in the conversation, by long polls. */
  private JsonNode await(String conversation, String kind) {
    long after = 0;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      JsonNode page =
          get(
              "/api/v1/journal?wait_seconds=5&conversation=%s&after=%d"
                  .formatted(conversation, after));
      for (JsonNode item : page.path("items")) {
        if (item.path("kind").asText().equals(kind)) {
          return item;
        }
      }
      after = page.path("next_after").asLong();
    }
    throw new AssertionError("no " + kind + " in " + conversation);
  }

  @Test
  void a_message_can_be_followed_from_event_to_reply() {
    server.post(key, "/api/v1/agents", "{\"handle\":\"rook\",\"tools\":[\"current_time\"]}");

    JsonNode accepted = say("rook", "what time is it?");
    JsonNode finished = await("cli:rook", "run.finished");

    JsonNode run = get("/api/v1/runs/" + finished.path("subject").asText());
    assertThat(run.path("state").asText()).isEqualTo("done");
    assertThat(run.path("steps").valueStream().map(s -> s.path("kind").asText()))
        .contains("model", "tool");
    assertThat(run.path("messages").get(0).path("text").asText()).contains("what time is it?");
    assertThat(run.path("events")).containsExactly(accepted.path("event_id"));
    assertThat(run.path("deliveries").get(0).path("text").asText()).isEqualTo("It is **late**.");
    assertThat(run.path("activations").get(0).path("decision").asText()).isEqualTo("woke");
    JsonNode event = get("/api/v1/events/" + accepted.path("event_id").asText());
    assertThat(event.path("dispatch").asText()).isEqualTo("dispatched");
    assertThat(event.at("/actor/name").asText()).isEqualTo("Ada");
    assertThat(event.path("activations").valueStream().map(a -> a.path("decision").asText()))
        .contains("woke");
    assertThat(get("/api/v1/deliveries?conversation=cli:rook").path("items")).hasSize(1);
    assertThat(get("/api/v1/runs?agent=rook&state=done").path("items")).hasSize(1);
    JsonNode status = get("/api/v1/status");
    assertThat(status.at("/runs/done").asInt()).isPositive();
    assertThat(status.at("/model/scripted").asBoolean()).isTrue();
    var replay = "/api/v1/events/" + accepted.path("event_id").asText() + "/replay";
    assertThat(server.post(key, replay, "{}").code()).isEqualTo("not-dead");
    var resolution = "/api/v1/runs/" + run.path("id").asText() + "/steps/1/resolution";
    assertThat(server.post(key, resolution, "{\"as\":\"retry\"}").code()).isEqualTo("not-unknown");
    assertThat(server.post(key, "/api/v1/runs/" + run.path("id").asText() + "/cancel", "").json())
        .hasToString("{\"result\":\"already_done\"}");
  }

  @Test
  void a_run_is_cancelled() {
    server.post(key, "/api/v1/agents", "{\"handle\":\"slow\"}");
    say("slow", "take long");
    String run = await("cli:slow", "run.queued").path("subject").asText();
    var cancelled = server.post(key, "/api/v1/runs/" + run + "/cancel", "");
    assertThat(cancelled.json().path("result").asText()).isEqualTo("cancelled");
    assertThat(get("/api/v1/runs/" + run).path("state").asText()).isEqualTo("cancelled");
  }

  @Test
  void clear_is_a_command_also_over_the_api() {
    server.post(key, "/api/v1/agents", "{\"handle\":\"cleared\"}");
    JsonNode accepted = say("cleared", "/clear");
    await("cli:cleared", "delivery.sent");
    JsonNode event = get("/api/v1/events/" + accepted.path("event_id").asText());
    assertThat(event.path("type").asText()).isEqualTo("command");
    assertThat(event.path("activations")).isEmpty();
  }

  @Test
  void a_long_poll_returns_as_soon_as_something_happens_and_when_nothing_does() {
    long head = get("/api/v1/status").path("journal_head").asLong();
    String path = "/api/v1/journal?after=" + head + "&wait_seconds=20&conversation=cli:nobody";
    var waiting =
        CompletableFuture.supplyAsync(
            () -> get("/api/v1/journal?after=" + head + "&wait_seconds=20"));
    server.post(key, "/api/v1/agents", "{\"handle\":\"noticed\"}");
    assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().path("items")).isNotEmpty();
    JsonNode none = get(path.replace("wait_seconds=20", "wait_seconds=0"));
    assertThat(none.path("items")).isEmpty();
    assertThat(none.path("next_after").asLong()).isGreaterThan(head);
  }

  @Test
  void a_run_that_is_asked_for_is_a_message_that_wakes() {
    server.post(key, "/api/v1/agents", "{\"handle\":\"runner\"}");
    String body = "{\"agent\":\"runner\",\"text\":\"Go!\",\"conversation\":\"api:runner\"}";
    var first = keyed("go-1", body);
    var again = keyed("go-1", body);

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().path("conversation").asText()).isEqualTo("api:runner");
    assertThat(first.json().path("duplicate").asBoolean()).isFalse();
    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
    assertThat(again.json().path("event_id")).isEqualTo(first.json().path("event_id"));
    JsonNode finished = await("api:runner", "run.finished");
    JsonNode run = get("/api/v1/runs/" + finished.path("subject").asText());
    assertThat(run.path("events").path(0)).isEqualTo(first.json().path("event_id"));
    assertThat(keyed("go-1", body.replace("Go!", "Stop!")).code())
        .isEqualTo("idempotency-key-reused");
    assertThat(keyed("go-2", body.replace("runner\"", "nobody\"")).status()).isEqualTo(404);
  }

  private TestServer.Answer keyed(String idempotencyKey, String body) {
    return server.send(
        server
            .request("/api/v1/runs")
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }
}
