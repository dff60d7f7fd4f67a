package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.workers.Worker;
import dev.rookery.workers.Workers;

/** The registry of workers: runs that runs delegated to. */
final class WorkerRoutes {
  private static final String WORKER = "/api/v1/workers/{id}";

  private final Rooms rooms;

  WorkerRoutes(Rooms rooms) {
    this.rooms = rooms;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/workers")
        .does("Lists workers, which are runs that runs delegated to")
        .allows(Access.VIEWER)
        .query("state", "active, finished, failed or cancelled")
        .query("agent", "id or handle of the agent that works")
        .query("parent", "id of the run that started them")
        .pages("WorkerList")
        .by(this::list);
    routes
        .get(WORKER)
        .does("Shows a worker: its task, who started it, what came of it")
        .allows(Access.VIEWER)
        .answers(200, "Worker")
        .by(call -> Reply.ok(view(workers().find(call.org(), id(call)))));
    routes
        .post(WORKER + "/cancel")
        .does("Cancels a worker and all that it started; its parent is told")
        .allows(Access.OPERATOR)
        .answers(200, "CancelResult")
        .by(this::cancel);
  }

  private Workers workers() {
    return rooms.waking().workers();
  }

  private static RunId id(Call call) {
    return call.id("worker", "run", RunId::new);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String state = call.query("state");
    String agent = call.query("agent");
    String parent = call.query("parent");
    Agent of = agent == null ? null : rooms.domain().agents().require(call.org(), agent);
    Workers.Query query =
        new Workers.Query(
            state == null ? null : RunRoutes.oneOf("state", state, Worker.State.values()),
            of == null ? null : of.id(),
            parent == null ? null : new RunId(parent),
            call.before(RunId::new),
            limit + 1);
    return Reply.page(
        workers().list(call.org(), query),
        limit,
        worker -> worker.id().value(),
        WorkerRoutes::view);
  }

  private Reply cancel(Call call) {
    String result =
        switch (workers().cancel(call.org(), id(call), call.by())) {
          case CANCELLED -> "cancelled";
          case ALREADY_DONE -> "already_done";
        };
    return Reply.ok(Json.object().put("result", result));
  }

  static ObjectNode view(Worker worker) {
    Worker.Kin kin = worker.kin();
    Worker.Order order = worker.order();
    Worker.Standing standing = worker.standing();
    BudgetId budget = order.budget();
    Worker.Home home = standing.home();
    return Json.object()
        .put("id", worker.id().value())
        .put("name", order.name())
        .put("agent", order.agent().value())
        .put("state", standing.state().label())
        .put("cause", standing.cause())
        .put("summary", standing.summary())
        .put("task", order.task())
        .put("background", order.background())
        .put("parent", kin.parent().value())
        .put("parent_agent", kin.parentAgent().value())
        .put("step", kin.step())
        .put("root", kin.root().value())
        .put("generation", kin.generation())
        .put("budget", budget == null ? null : budget.value())
        .put("home", home == null ? null : home.label())
        .put("started_at", Times.of(worker.times().started()))
        .put("ended_at", Times.of(worker.times().ended()));
  }
}
