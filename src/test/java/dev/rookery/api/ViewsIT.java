package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.TestNode;
import dev.rookery.delivery.Artifacts;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a person sees of a node, read through the API alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ViewsIT {
  private final TestNode node =
      TestNode.scripted(
          """
          version: 1
          rules:
            - when: {user_text: {contains: "time"}}
              then: {tool_calls: [{tool: current_time, arguments: {zone: "Europe/Berlin"}}]}
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

  private JsonNode get(String path) {
    var answer = server.get(key, path);
    assertThat(answer.status()).as(path + " " + answer.json()).isEqualTo(200);
    return answer.json();
  }

  private void agent(String handle) {
    server.post(
        key,
        "/api/v1/agents",
        "{\"handle\":\"%s\",\"tools\":[\"current_time\"]}".formatted(handle));
  }

  /** Says it and gives the run, once that is over. */
  private JsonNode ask(String agent, String conversation, String text) {
    ObjectNode body =
        Json.object().put("agent", agent).put("text", text).put("conversation", conversation);
    return over(server.post(key, "/api/v1/runs", Json.write(body)));
  }

  private JsonNode over(TestServer.Answer accepted) {
    assertThat(accepted.status()).as(accepted.json().toString()).isEqualTo(202);
    String event = accepted.json().path("event_id").asText();
    node.await(
        r ->
            r.entry().kind().equals("activation.decided")
                && r.entry().subject().equals(event)
                && r.entry().data().hasNonNull("run"));
    String run =
        node.house().activations.ofEvent(node.org(), new EventId(event)).stream()
            .filter(a -> a.run() != null)
            .findFirst()
            .orElseThrow()
            .run()
            .value();
    node.over(new RunId(run));
    return get("/api/v1/runs/" + run);
  }

  private List<JsonNode> all(String path) {
    List<JsonNode> items = new ArrayList<>();
    String before = "";
    do {
      JsonNode page = get(path + (path.contains("?") ? "&" : "?") + "limit=2" + before);
      page.path("items").forEach(items::add);
      before = page.hasNonNull("next") ? "&before=" + page.path("next").asText() : "";
    } while (!before.isEmpty());
    return items;
  }

  @Test
  void a_retry_over_the_api_warns_of_what_may_happen_again() {
    agent("again");
    JsonNode first = ask("again", "api:again/1:x", "what time is it?");
    String path = "/api/v1/runs/" + first.path("id").asText();

    var accepted = server.post(key, path + "/retry", "{\"from_step\":2}");
    JsonNode second = over(accepted);

    assertThat(accepted.json().path("warning").asText()).contains("may happen again");
    assertThat(accepted.json().at("/may_repeat/0/kind").asText()).isEqualTo("reply");
    assertThat(second.path("retry_of")).isEqualTo(first.path("id"));
    assertThat(second.path("from_step").asInt()).isEqualTo(2);
    assertThat(second.path("may_repeat")).isNotEmpty();
    assertThat(second.at("/steps/0/copied").asBoolean()).isTrue();
    assertThat(second.at("/steps/1/copied").asBoolean()).isFalse();
    assertThat(second.at("/messages/1/copied").asBoolean()).isTrue();
    assertThat(second.at("/activations/0/reason").asText()).isEqualTo("retry");

    var fork = server.post(key, path + "/fork", "{\"text\":\"thanks\"}");
    assertThat(fork.json().path("conversation").asText()).startsWith("api:fork:run_");
    assertThat(over(fork).path("fork_of")).isEqualTo(first.path("id"));
    assertThat(server.post(key, path + "/retry", "{\"from_step\":99}").code())
        .isEqualTo("bad-from-step");
    assertThat(server.post(key, path + "/fork", "{\"conversation\":\"telegram:1\"}").code())
        .isEqualTo("bad-conversation");

    JsonNode items = get("/api/v1/work-items?agent=again");
    assertThat(items.path("items")).hasSize(2);
    JsonNode item = items.path("items").path(1);
    assertThat(item.path("title").asText()).isEqualTo("what time is it?");
    assertThat(item.path("run_count").asInt()).isEqualTo(2);
    assertThat(item.path("last_run")).isEqualTo(second.path("id"));
    assertThat(item.path("state").asText()).isEqualTo("done");
    JsonNode shown = get("/api/v1/work-items/" + item.path("id").asText());
    assertThat(shown.path("runs").valueStream().map(r -> r.path("id").asText()))
        .containsExactly(first.path("id").asText(), second.path("id").asText());
    assertThat(get("/api/v1/work-items?agent=again&state=failed").path("items")).isEmpty();
  }

  @Test
  void conversations_are_found_by_activity_key_and_agent_and_read_in_pages() {
    agent("talker");
    JsonNode old = ask("talker", "api:talk/äö?x".replace("äö", "a%2F"), "one");
    ask("talker", "api:talk:2", "two");
    ask("talker", old.path("conversation").asText(), "three");

    List<JsonNode> found = all("/api/v1/conversations?agent=talker");
    assertThat(found)
        .extracting(c -> c.path("key").asText())
        .containsExactly(old.path("conversation").asText(), "api:talk:2");
    String path = "/api/v1/conversations/" + found.getFirst().path("id").asText();
    assertThat(get(path).path("approvals")).isEmpty();
    assertThat(all(path + "/messages"))
        .extracting(m -> m.path("text").asText())
        .containsExactly("You said: three", "three", "You said: one", "one");
    assertThat(all(path + "/runs")).hasSize(2);
    assertThat(get("/api/v1/conversations?key=api:talk:2").path("items")).hasSize(1);
    var cleared = server.post(key, path + "/clear", "{}");
    assertThat(cleared.json().path("cleared_at").isNull()).isFalse();
    for (String bad : List.of("x", "!!", "YQ==", "YXBpOm5vYm9keQ")) {
      assertThat(server.get(key, "/api/v1/conversations/" + bad).code())
          .isEqualTo("conversation-not-found");
    }
    assertThat(server.get(key, "/api/v1/conversations?before=nonsense").code())
        .isEqualTo("bad-parameter");
  }

  @Test
  void resources_decisions_and_steps_are_listed() {
    node.agent("helper");
    var bot = node.bot(node.house().agents.require(node.org(), "helper"));
    node.deliver(bot, node.updates().privateText("hello there"));
    node.await(r -> r.entry().kind().equals("delivery.sent"));

    JsonNode resource = get("/api/v1/resources?integration=" + bot.id()).at("/items/0");
    assertThat(resource.path("channel").asText()).isEqualTo("telegram");
    assertThat(resource.path("conversations").asInt()).isEqualTo(1);
    assertThat(get("/api/v1/conversations?integration=" + bot.id()).path("items")).hasSize(1);

    List<JsonNode> decisions = all("/api/v1/activations?agent=helper&decision=woke");
    assertThat(decisions).isNotEmpty();
    String run = decisions.getFirst().path("run").asText();
    assertThat(get("/api/v1/activations/" + decisions.getFirst().path("id").asText()))
        .isEqualTo(decisions.getFirst());
    String message = get("/api/v1/artifacts?run=" + run).at("/items/0/id").asText();
    assertThat(get("/api/v1/artifacts/" + message).path("kind").asText()).isEqualTo("message");
    assertThat(server.get(key, "/api/v1/artifacts/" + message + "/content").code())
        .isEqualTo("artifact-without-content");
    JsonNode steps = get("/api/v1/runs/" + run + "/steps");
    assertThat(get("/api/v1/runs/" + run + "/steps/1")).isEqualTo(steps.at("/items/0"));
    assertThat(server.get(key, "/api/v1/runs/" + run + "/steps/99").code())
        .isEqualTo("step-not-found");
  }

  @Test
  void an_export_holds_everything_and_no_secret() {
    agent("exported");
    server.post(
        key,
        "/api/v1/secrets",
        "{\"name\":\"pass\",\"hosts\":[\"example.org\"],\"place\":\"header:X-Pass\",\"value\":\"hunter2-hunter2\"}");
    JsonNode run = ask("exported", "api:export", "my word is hunter2-hunter2");
    var answer = server.get(key, "/api/v1/runs/" + run.path("id").asText() + "/export");

    assertThat(answer.header("Content-Disposition")).startsWith("attachment");
    JsonNode export = answer.json();
    assertThat(export.path("format").asText()).isEqualTo("rookery.run/1");
    assertThat(export.at("/run/id")).isEqualTo(run.path("id"));
    assertThat(export.path("events")).hasSize(1);
    assertThat(export.path("journal").valueStream().map(r -> r.path("kind").asText()))
        .contains("event.accepted", "run.queued", "run.finished", "delivery.sent");
    assertThat(answer.response().body()).doesNotContain("hunter2");
  }

  @Test
  void files_leave_as_attachments_whose_type_runs_nothing() {
    agent("files");
    JsonNode run = ask("files", "api:files", "hello");
    EventId event = new EventId(run.at("/events/0").asText());
    Artifacts artifacts = node.house().artifacts;
    var page =
        artifacts.storeFile(
            node.org(),
            event,
            new Artifacts.File(
                "1", "böse \"x\".html", "text/html", "<script>".getBytes(StandardCharsets.UTF_8)));
    var text =
        artifacts.storeFile(
            node.org(),
            event,
            new Artifacts.File("2", "a.txt", "text/plain", "hi".getBytes(StandardCharsets.UTF_8)));

    var answer = server.get(key, "/api/v1/artifacts/" + page.id() + "/content");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\""
                + page.id()
                + "\"; filename*=UTF-8''b%C3%B6se%20%22x%22.html");
    var plain = server.get(key, "/api/v1/artifacts/" + text.id() + "/content");
    assertThat(plain.header("Content-Type")).startsWith("text/plain");
    assertThat(plain.response().body()).isEqualTo("hi");
    assertThat(all("/api/v1/artifacts?kind=file")).hasSize(2);
    assertThat(get("/api/v1/artifacts?run=" + run.path("id").asText()).path("items")).isEmpty();
  }
}
