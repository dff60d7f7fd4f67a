package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The registry of workers over HTTP; nothing moves, so they stay active until they are stopped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkerRoutesIT {
  private final TestServer server = TestServer.start();
  private final String operator = server.key(Role.OPERATOR);
  private final String viewer = server.key(Role.VIEWER);
  private RunId parent = RunId.next();

  @BeforeAll
  void workers() {
    Agent rook = server.house().agents.create(server.org(), new NewAgent("rook", "R", "", null));
    parent =
        new RunFixtures(server, rook.id())
            .delegating(
                "chat",
                "{\"tasks\": [{\"task\": \"one\"}, {\"task\": \"two\", \"budget_usd\": 0.5}]}");
  }

  @AfterAll
  void close() {
    server.close();
  }

  private JsonNode list(String query) {
    return server.get(viewer, "/api/v1/workers" + query).json();
  }

  @Test
  void workers_are_listed_page_by_page_shown_and_cancelled() {
    JsonNode page = list("?parent=" + parent + "&limit=1");
    assertThat(page.path("items")).hasSize(1);
    JsonNode second = page.path("items").get(0);
    assertThat(second.path("task").asText()).isEqualTo("two");
    assertThat(second.path("budget").asText()).startsWith("bdg_");
    JsonNode first = list("?before=" + page.path("next").asText()).path("items").get(0);
    assertThat(first.path("task").asText()).isEqualTo("one");
    assertThat(first.path("name").asText()).isEqualTo("rook-1");
    String path = "/api/v1/workers/" + first.path("id").asText();
    assertThat(server.get(viewer, path).json()).isEqualTo(first);

    assertThat(server.post(viewer, path + "/cancel", "{}").status()).isEqualTo(403);
    assertThat(server.post(operator, path + "/cancel", "{}").json().path("result").asText())
        .isEqualTo("cancelled");
    assertThat(server.post(operator, path + "/cancel", "{}").json().path("result").asText())
        .isEqualTo("already_done");
    JsonNode over = server.get(viewer, path).json();
    assertThat(over.path("state").asText()).isEqualTo("cancelled");
    assertThat(over.path("cause").asText()).contains("cancelled by");
    assertThat(list("?state=cancelled&agent=rook").path("items")).hasSize(1);
  }

  @Test
  void a_run_shows_its_workers_and_a_worker_its_parent() {
    JsonNode run = server.get(viewer, "/api/v1/runs/" + parent).json();
    assertThat(run.path("parent").isNull()).isTrue();
    assertThat(run.path("root").asText()).isEqualTo(parent.value());
    assertThat(run.path("workers")).hasSize(2);
    String worker = run.path("workers").get(1).path("id").asText();
    JsonNode child = server.get(viewer, "/api/v1/runs/" + worker).json();
    assertThat(child.path("parent").asText()).isEqualTo(parent.value());
    assertThat(child.path("depth").asInt()).isEqualTo(1);
    JsonNode why = server.get(viewer, "/api/v1/runs/" + worker + "/why").json();
    assertThat(why.at("/events/0/decisions/0/why").asText()).contains("@rook delegated it");
  }

  @Test
  void what_is_not_there_is_told() {
    assertThat(server.get(viewer, "/api/v1/workers/" + RunId.next()).code())
        .isEqualTo("worker-not-found");
    assertThat(server.get(viewer, "/api/v1/workers/" + parent).code())
        .isEqualTo("worker-not-found");
    assertThat(server.get(viewer, "/api/v1/workers?state=asleep").code())
        .isEqualTo("bad-parameter");
    assertThat(server.get(viewer, "/api/v1/workers?parent=x").status()).isEqualTo(400);
  }
}
