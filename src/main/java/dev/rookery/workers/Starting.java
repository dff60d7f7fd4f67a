package dev.rookery.workers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.Decision;
import dev.rookery.inbox.Inbound;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Run;
import dev.rookery.runs.Runs;
import dev.rookery.spend.Money;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts a worker as everything that makes an agent act is started: an event, a decision, a run;
 * all in the commit that holds the row of the parent. So a parent that is cancelled has all of its
 * workers or none, and the same call never starts them twice.
 */
final class Starting {
  private static final Duration BACKGROUND = Duration.ofHours(24);

  private final Journal journal;
  private final Workers.Rooms rooms;

  Starting(Journal journal, Workers.Rooms rooms) {
    this.journal = journal;
    this.rooms = rooms;
  }

  void start(Tx tx, Parent parent, Order order) {
    OrgId org = parent.org();
    RunId id = RunId.next();
    Inbound fact = fact(tx, parent, order, id);
    EventId event = rooms.intake().inbox().accept(tx, org, fact, order.agent().id()).event();
    rooms.intake().events().dispatched(tx, org, event);
    rooms.intake().conversations().note(tx, org, fact);
    NewRun run = run(tx, parent, order, id);
    Money most = order.task().budget();
    BudgetId budget = most == null ? null : rooms.budgets().share(tx, org, id, most);
    Runs.Speaker speaker = new Runs.Speaker("agent:" + parent.agent().id(), parent.taint());
    rooms.runs().queue(tx, org, run, List.of(new Runs.Input(event, words(parent, order), speaker)));
    Decision.Reason why = new Decision.Reason("delegated", why(parent));
    rooms
        .activations()
        .record(
            tx,
            org,
            run.conversation(),
            new Activation(
                run.activation(),
                event,
                Workers.DELEGATION,
                run.agent(),
                "woke",
                why,
                id,
                tx.now()),
            null);
    register(tx, parent, order, id, budget);
  }

  private static Inbound fact(Tx tx, Parent parent, Order order, RunId id) {
    String key = Workers.SOURCE + ":" + id;
    ObjectNode payload =
        Json.object()
            .put("parent", parent.run().id().value())
            .put("step", parent.step())
            .put("worker", id.value())
            .put("name", order.name())
            .put("background", order.background());
    return new Inbound(
        new Inbound.Origin(Workers.SOURCE, null, null),
        "task",
        parent.run().id() + ":" + parent.step() + ":" + order.place(),
        new Inbound.Place(key, null, key, order.name(), true),
        new Inbound.Actor(
            Inbound.Actor.Kind.AGENT,
            parent.agent().id().value(),
            parent.agent().name(),
            parent.run().origin().lineage().depth() + 1),
        Instant.ofEpochMilli(tx.now()),
        new Inbound.Content(order.task().text(), true, null, List.of()),
        payload);
  }

  private static NewRun run(Tx tx, Parent parent, Order order, RunId id) {
    Run.Origin origin = parent.run().origin();
    return new NewRun(
        id,
        order.agent().id(),
        ActivationId.next(),
        Workers.SOURCE + ":" + id,
        new NewRun.Nature(
            "worker", origin.lineage().depth() + 1, origin.attended(), order.tools(parent)),
        Duration.ZERO,
        deadline(tx, parent, order),
        new NewRun.Birth(
            origin.root(),
            parent.child(order.agent().id(), order.name(), order.background()),
            origin.contact()));
  }

  /** Who waits for it sets how long it may take, unless the task says. */
  private static Duration deadline(Tx tx, Parent parent, Order order) {
    Duration wanted = order.task().deadline();
    if (wanted != null) {
      return wanted;
    }
    return order.background()
        ? BACKGROUND
        : Duration.ofMillis(Math.max(1, parent.run().times().deadline() - tx.now()));
  }

  private static String words(Parent parent, Order order) {
    return "You are the worker '%s' of a run of @%s. Nobody else reads what you say: do the task, and answer with what came of it, short and complete.\n\nThe task: %s"
        .formatted(order.name(), parent.agent().handle(), order.task().text());
  }

  private static String why(Parent parent) {
    return "@%s delegated it, in step %d of %s."
        .formatted(parent.agent().handle(), parent.step(), parent.run().id());
  }

  private void register(Tx tx, Parent parent, Order order, RunId id, @Nullable BudgetId budget) {
    Worker worker =
        new Worker(
            id,
            parent.org(),
            new Worker.Kin(
                parent.run().id(),
                parent.agent().id(),
                parent.step(),
                order.place(),
                parent.run().origin().root(),
                parent.generation()),
            new Worker.Order(
                order.agent().id(), order.name(), order.task().text(), order.background(), budget),
            Worker.Standing.ACTIVE,
            new Worker.Times(tx.now(), 0));
    WorkerStore.insert(tx, parent.org(), worker);
    ObjectNode data =
        Json.object()
            .put("parent", worker.kin().parent().value())
            .put("root", worker.kin().root().value())
            .put("step", parent.step())
            .put("agent", order.agent().id().value())
            .put("name", order.name())
            .put("background", order.background());
    journal.append(
        tx,
        parent.org(),
        new JournalEntry("worker.started", id.value(), parent.run().conversation(), data)
            .of(order.agent().id()));
  }
}
