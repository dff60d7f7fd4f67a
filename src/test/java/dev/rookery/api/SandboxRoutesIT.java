package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.Role;
import dev.rookery.sandbox.BackgroundTask;
import dev.rookery.sandbox.Exec;
import dev.rookery.sandbox.StepRef;
import dev.rookery.store.Rows;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Where commands of an agent run, and those that outlive their run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SandboxRoutesIT {
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.OPERATOR);
  private final String viewer = server.key(Role.VIEWER);

  @AfterAll
  void close() {
    server.close();
  }

  private AgentId agent(String handle) {
    return server.house().agents.create(server.org(), new NewAgent(handle, "A", "", null)).id();
  }

  private String ended(AgentId agent) {
    return server
        .house()
        .database()
        .write(server.org(), tx -> Rows.endedTask(tx, server.org(), agent));
  }

  @Test
  void the_sandbox_of_an_agent_is_told_with_its_home() {
    agent("rook");
    JsonNode sandbox = server.get(viewer, "/api/v1/agents/rook/sandbox").json();
    var found = server.house().hands.sandboxes.availability();
    assertThat(sandbox.path("sentence").asText()).isEqualTo(found.sentence());
    assertThat(sandbox.path("available").asBoolean()).isEqualTo(found.chosen().isPresent());
    assertThat(sandbox.at("/home/quota").asLong()).isPositive();
    assertThat(sandbox.path("running_tasks").asInt()).isZero();
    assertThat(sandbox.path("attestation").isNull()).isTrue();
    assertThat(server.get(viewer, "/api/v1/agents/nobody/sandbox").status()).isEqualTo(404);
  }

  @Test
  void an_ended_task_stays_as_it_is_and_belongs_to_one_agent() {
    String path = "/api/v1/agents/crow/tasks";
    String id = ended(agent("crow"));
    assertThat(server.get(viewer, path).json().at("/items/0/id").asText()).isEqualTo(id);
    JsonNode task = server.get(key, path + "/" + id).json();
    assertThat(task.path("state").asText()).isEqualTo("done");
    assertThat(task.path("exit_code").asInt()).isZero();
    assertThat(server.call("DELETE", path + "/" + id, key, null).json().path("state").asText())
        .isEqualTo("done");
    assertThat(server.get(viewer, path + "/" + id).status()).isEqualTo(403);
    assertThat(server.call("DELETE", path + "/" + id, viewer, null).status()).isEqualTo(403);
    agent("jay");
    assertThat(server.get(key, "/api/v1/agents/jay/tasks/" + id).code())
        .isEqualTo("task-not-found");
  }

  @Test
  void a_running_task_is_read_and_stopped_and_the_wish_is_on_record() {
    var hands = server.house().hands;
    assumeTrue(hands.sandboxes.availability().chosen().isPresent());
    AgentId agent = agent("magpie");
    Exec exec = Exec.shell("echo up; sleep 60").with(new StepRef(RunId.next(), 1, 1));
    BackgroundTask task = hands.tasks.start(server.org(), agent, exec);
    String path = "/api/v1/agents/magpie/tasks/" + task.id();
    await(path, "/output", "up");
    assertThat(
            server
                .get(viewer, "/api/v1/agents/magpie/sandbox")
                .json()
                .path("running_tasks")
                .asInt())
        .isEqualTo(1);
    assertThat(server.call("DELETE", path, key, null).status()).isEqualTo(200);
    await(path, "/state", "killed");
    assertThat(server.house().journal.about(server.org(), task.id(), 10))
        .extracting(record -> record.entry().kind())
        .containsExactly("task.stop_requested");
  }

  private void await(String path, String field, String text) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!server.get(key, path).json().at(field).asText().contains(text)) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
