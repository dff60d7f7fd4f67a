package dev.rookery.workers;

import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Run;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Whether a run may have the workers that it asks for; then they are started, all or none. */
final class Delegation {
  /** Agents may wake agents so many times in a row; then it is a loop, as in conversations. */
  static final int MOST_TURNS = 8;

  private final Database database;
  private final Workers.Rooms rooms;
  private final WorkerLimits limits;
  private final Starting starting;

  Delegation(Database database, Workers.Rooms rooms, WorkerLimits limits, Starting starting) {
    this.database = database;
    this.rooms = rooms;
    this.limits = limits;
    this.starting = starting;
  }

  /**
   * Starts the workers of a call, unless it did.
   *
   * @throws Refusal {@code too-deep}, {@code too-many-workers}, {@code agent-not-found}, {@code
   *     agent-disabled}, {@code tool-not-yours}, {@code run-over}; nothing is started then
   */
  void start(Tool.Caller caller, List<Task> tasks, boolean background) {
    List<String> granted =
        rooms.tools().forAgent(caller.org(), caller.agent()).stream()
            .map(tool -> tool.spec().name())
            .toList();
    database.write(
        caller.org(),
        tx -> {
          Run run =
              rooms
                  .runs()
                  .family()
                  .held(tx, caller.org(), caller.run(), caller.fence())
                  .orElseThrow(() -> over(caller.run()));
          if (WorkerStore.ofStep(tx, caller.org(), caller.run(), caller.step()).isEmpty()) {
            Parent parent = parent(tx, run, caller.step(), granted);
            orders(tx, parent, tasks, background)
                .forEach(order -> starting.start(tx, parent, order));
          }
          return run;
        });
  }

  private static Refusal over(RunId run) {
    return conflict("run-over", "The run " + run + " is over or goes on elsewhere.");
  }

  private Parent parent(Tx tx, Run run, int step, List<String> granted) {
    return new Parent(
        run,
        Agents.find(tx, run.org(), run.agent()).orElseThrow(),
        step,
        granted.stream().filter(run.origin()::sees).toList(),
        rooms.runs().taint(tx, run.org(), run.id()));
  }

  private List<Order> orders(Tx tx, Parent parent, List<Task> tasks, boolean background) {
    requireRoom(tx, parent, tasks.size());
    List<Order> orders = new ArrayList<>();
    for (Task task : tasks) {
      requireTools(parent, task);
      orders.add(new Order(task, agent(tx, parent, task), orders.size() + 1, background));
    }
    return orders;
  }

  private void requireRoom(Tx tx, Parent parent, int tasks) {
    if (parent.generation() > limits.depth()) {
      throw conflict(
          "too-deep",
          "Workers may be %d deep, and you would go beyond that; do it yourself."
              .formatted(limits.depth()));
    }
    if (parent.run().origin().lineage().depth() >= MOST_TURNS) {
      throw conflict(
          "too-deep",
          "%d agents woke each other in a row, which is taken for a loop; do it yourself."
              .formatted(MOST_TURNS));
    }
    int active = WorkerStore.active(tx, parent.org(), parent.run().id());
    if (active + tasks > limits.fanOut()) {
      throw conflict(
          "too-many-workers",
          "You may have %d workers at a time; %d are active and you asked for %d. Give fewer tasks%s."
              .formatted(limits.fanOut(), active, tasks, active == 0 ? "" : ", or wait for some"));
    }
  }

  private static void requireTools(Parent parent, Task task) {
    List<String> wanted = task.tools();
    if (wanted != null && !parent.tools().containsAll(wanted)) {
      List<String> missing = new ArrayList<>(wanted);
      missing.removeAll(parent.tools());
      throw conflict(
          "tool-not-yours",
          "You cannot give what you do not have: %s. You have: %s."
              .formatted(
                  String.join(", ", missing), String.join(", ", new TreeSet<>(parent.tools()))));
    }
  }

  private static Agent agent(Tx tx, Parent parent, Task task) {
    String wanted = task.agent();
    if (wanted == null) {
      return parent.agent();
    }
    String name = wanted.startsWith("@") ? wanted.substring(1) : wanted;
    Agent agent =
        (Ids.matches("agt", name)
                ? Agents.find(tx, parent.org(), new AgentId(name))
                : Agents.findByHandle(tx, parent.org(), name))
            .orElseThrow(() -> Refusal.notFound("agent", name));
    if (!agent.enabled()) {
      throw conflict("agent-disabled", "@" + agent.handle() + " is disabled; ask another agent.");
    }
    return agent;
  }

  private static Refusal conflict(String code, String message) {
    return new Refusal(Refusal.Kind.CONFLICT, code, message);
  }
}
