package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.sandbox.Availability;
import dev.rookery.sandbox.BackgroundTask;
import dev.rookery.sandbox.BackgroundTasks;
import dev.rookery.sandbox.Tail;

/** Where commands of an agent run, and those that outlive their run. */
final class SandboxRoutes {
  private static final String AGENT = "/api/v1/agents/{id}";
  private static final String TASK = AGENT + "/tasks/{task}";
  private static final int TAIL = 16 << 10;

  private final Rooms rooms;
  private final BackgroundTasks tasks;

  SandboxRoutes(Rooms rooms) {
    this.rooms = rooms;
    this.tasks = rooms.hands().tasks();
  }

  void enter(Routes routes) {
    routes
        .get(AGENT + "/sandbox")
        .does("Shows where commands of an agent run, and what was found of its sandbox last")
        .allows(Access.VIEWER)
        .answers(200, "AgentSandbox")
        .by(this::sandbox);
    routes
        .get(AGENT + "/tasks")
        .does("Lists the background commands of an agent, the newest 50 first")
        .allows(Access.VIEWER)
        .answers(200, "TaskList")
        .by(call -> Reply.all(tasks.list(call.org(), agent(call)), SandboxRoutes::view));
    routes
        .get(TASK)
        .does("Shows a background command with the end of its output")
        .allows(Access.OPERATOR)
        .answers(200, "TaskDetail")
        .by(this::task);
    routes
        .delete(TASK)
        .does("Ends a background command and all that it started; an ended one stays as it is")
        .allows(Access.OPERATOR)
        .answers(200, "Task")
        .by(this::stop);
  }

  private AgentId agent(Call call) {
    return rooms.domain().agents().require(call.org(), call.path("id")).id();
  }

  private Reply sandbox(Call call) {
    OrgId org = call.org();
    AgentId agent = agent(call);
    Availability found = rooms.hands().sandboxes().availability();
    String attestation = rooms.flow().runs().lastAttestation(org, agent).orElse(null);
    long running =
        tasks.list(org, agent).stream()
            .filter(task -> task.state() == BackgroundTask.State.RUNNING)
            .count();
    ObjectNode json =
        Json.object()
            .put("agent", agent.value())
            .put("tier", found.chosen().map(tier -> tier.label()).orElse(null))
            .put("available", found.chosen().isPresent())
            .put("sentence", found.sentence())
            .put("running_tasks", running);
    HomeFiles.Usage usage = rooms.hands().homes().of(org, agent).usage();
    json.putObject("home").put("used", usage.used()).put("quota", usage.quota());
    json.set("attestation", attestation == null ? null : Json.parse(attestation));
    return Reply.ok(json);
  }

  private Reply task(Call call) {
    BackgroundTask task = tasks.get(call.org(), agent(call), call.path("task"));
    Tail tail = tasks.output(call.org(), task, TAIL);
    return Reply.ok(view(task).put("output", tail.text()).put("output_size", tail.size()));
  }

  /** The wish is on record before the command is ended. */
  private Reply stop(Call call) {
    OrgId org = call.org();
    AgentId agent = agent(call);
    BackgroundTask task = tasks.get(org, agent, call.path("task"));
    rooms
        .ground()
        .database()
        .write(
            org,
            tx -> {
              rooms
                  .ground()
                  .journal()
                  .append(
                      tx,
                      org,
                      new JournalEntry(
                          "task.stop_requested",
                          task.id(),
                          null,
                          Json.object().put("agent", agent.value()).put("by", call.by())));
              return task;
            });
    tasks.stop(org, agent, task.id());
    return Reply.ok(view(tasks.get(org, agent, task.id())));
  }

  private static ObjectNode view(BackgroundTask task) {
    return Json.object()
        .put("id", task.id())
        .put("agent", task.agent().value())
        .put("run", task.run().value())
        .put("command", task.command())
        .put("state", task.state().label())
        .put("exit_code", task.ending().code())
        .put("detail", task.ending().detail())
        .put("started_at", Times.of(task.startedAt()))
        .put("ended_at", Times.of(task.ending().at()));
  }
}
