package dev.rookery.workers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activations;
import dev.rookery.delivery.Artifacts;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.runs.Family;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.spend.Budgets;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;
import dev.rookery.tools.Tools;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The registry of workers (spec 02, workers): runs that runs delegated to. It is written in the
 * commits in which they start and end, so that it is never behind, and a result is home as soon as
 * its worker is over.
 */
public final class Workers {
  /** Stands in decisions where a policy would: a run asked for the agent, no policy. */
  public static final PolicyId DELEGATION = new PolicyId("pol_" + "0".repeat(32));

  /** Of their events and conversations. */
  static final String SOURCE = "worker";

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  private final Database database;
  private final Journal journal;
  private final Rooms rooms;
  private final Delegation delegation;
  private final Returning returning;

  /** Where events come in. */
  public record Intake(Inbox inbox, Events events, Conversations conversations) {}

  /** The rooms it stands on. */
  public record Rooms(
      Intake intake,
      Activations activations,
      Runs runs,
      Outbox outbox,
      Artifacts artifacts,
      Tools tools,
      Budgets budgets) {}

  public Workers(Database database, Journal journal, Rooms rooms, WorkerLimits limits) {
    this.database = database;
    this.journal = journal;
    this.rooms = rooms;
    this.delegation = new Delegation(database, rooms, limits, new Starting(journal, rooms));
    this.returning = new Returning(rooms);
    rooms.runs().family().onEnded(this::ended);
  }

  /**
   * Which workers, newest first; null means any.
   *
   * @param agent that works
   * @param parent run that started it
   */
  public record Query(
      Worker.@Nullable State state,
      @Nullable AgentId agent,
      @Nullable RunId parent,
      @Nullable RunId before,
      int limit) {}

  public List<Worker> list(OrgId org, Query query) {
    return database.read(org, tx -> WorkerStore.list(tx, org, query));
  }

  /** Those that a run started, in order. */
  public List<Worker> of(OrgId org, RunId parent) {
    return database.read(org, tx -> WorkerStore.ofParent(tx, org, parent));
  }

  /** Those that runs of an agent started: first what is active, then the latest. */
  List<Worker> startedBy(OrgId org, AgentId agent, int limit) {
    return database.read(org, tx -> WorkerStore.startedBy(tx, org, agent, limit));
  }

  /**
   * @throws Refusal {@code worker-not-found}
   */
  public Worker find(OrgId org, RunId id) {
    return database
        .read(org, tx -> WorkerStore.find(tx, org, id))
        .orElseThrow(() -> Refusal.notFound("worker", id.value()));
  }

  /**
   * What a model is told of workers.
   *
   * @return {@code {workers: [{id, name, agent, state, summary, artifacts, errors}]}}
   */
  public ObjectNode envelope(OrgId org, List<Worker> workers) {
    return database.read(org, tx -> Envelope.of(tx, rooms.artifacts(), workers));
  }

  /** As {@link #envelope}, of as many as there are, with the beginnings of their summaries. */
  ObjectNode brief(OrgId org, List<Worker> workers, int characters) {
    return database.read(org, tx -> Envelope.of(tx, rooms.artifacts(), workers, characters));
  }

  /**
   * Cancels a worker and all that it started; its parent is told as of any other end. Idempotent.
   *
   * @throws Refusal {@code worker-not-found}
   */
  public Runs.Cancelled cancel(OrgId org, RunId id, String by) {
    return database.write(
        org,
        tx -> {
          Worker _ =
              WorkerStore.find(tx, org, id)
                  .orElseThrow(() -> Refusal.notFound("worker", id.value()));
          return rooms.runs().cancel(tx, org, id, by);
        });
  }

  void start(Tool.Caller caller, List<Task> tasks, boolean background) {
    delegation.start(caller, tasks, background);
  }

  /** What became of a call of {@code delegate}. */
  Tool.Found lookUp(Tool.Caller caller) {
    return database.read(
        caller.org(),
        tx -> {
          List<Worker> workers = WorkerStore.ofStep(tx, caller.org(), caller.run(), caller.step());
          if (workers.isEmpty()) {
            return new Tool.Found.Absent();
          }
          boolean waits = workers.stream().anyMatch(w -> w.active() && !w.order().background());
          return waits
              ? new Tool.Found.Pending(Family.CHILDREN, LOOK_AGAIN)
              : new Tool.Found.Happened(
                  Tool.ToolResult.ok(Json.write(Envelope.of(tx, rooms.artifacts(), workers))));
        });
  }

  /** What the results of a call hold; a call that waits for none brings none. */
  Taint taint(Tool.Caller caller) {
    return database.read(
        caller.org(),
        tx ->
            WorkerStore.ofStep(tx, caller.org(), caller.run(), caller.step()).stream()
                .filter(worker -> !worker.active())
                .map(worker -> rooms.runs().taint(tx, caller.org(), worker.id()))
                .reduce(Taint.NONE, Taint::with));
  }

  /** What the workers hold that runs of the agent started. */
  Taint taintOfAll(Tool.Caller caller) {
    return database.read(caller.org(), tx -> WorkerStore.taint(tx, caller.org(), caller.agent()));
  }

  /**
   * For dispatch: whether the event is the result of a worker that nobody waited for; it is then
   * seen to in this transaction.
   */
  public boolean received(Tx tx, Event event) {
    return returning.received(tx, event);
  }

  /** In the commit in which a child ends; the parent's row is held. */
  private void ended(Tx tx, Family.Ended ended) {
    Run child = ended.run();
    OrgId org = child.org();
    Worker worker = WorkerStore.find(tx, org, child.id()).orElse(null);
    if (worker == null || !worker.active()) {
      return;
    }
    Worker over = over(worker, ended, null);
    Worker.Home home = home(tx, over, ended);
    WorkerStore.end(tx, org, worker.id(), over(worker, ended, home).standing());
    WorkerStore.freeBudgets(tx, org, worker.kin().root())
        .forEach(budget -> rooms.budgets().unshare(tx, org, budget));
    if (home == Worker.Home.STEP && WorkerStore.active(tx, org, worker.kin()) == 0) {
      rooms.runs().family().wake(tx, org, worker.kin().parent());
    }
    ObjectNode data =
        Json.object()
            .put("parent", worker.kin().parent().value())
            .put("name", worker.order().name())
            .put("state", over.standing().state().label())
            .put("cause", over.standing().cause())
            .put("home", home.label());
    Run parent = rooms.runs().family().find(tx, org, worker.kin().parent()).orElseThrow();
    journal.append(
        tx,
        org,
        new JournalEntry(
                "worker." + over.standing().state().label(),
                worker.id().value(),
                parent.conversation(),
                data)
            .of(worker.order().agent()));
  }

  private static Worker over(Worker worker, Family.Ended ended, Worker.@Nullable Home home) {
    Run.Status status = ended.status();
    Worker.State state =
        switch (status.state()) {
          case DONE -> Worker.State.FINISHED;
          case CANCELLED -> Worker.State.CANCELLED;
          case FAILED, QUEUED, RUNNING, WAITING_PERMISSION -> Worker.State.FAILED;
        };
    String cause =
        status.state() == RunState.FAILED
            ? status.failureReason() + ": " + status.outcome()
            : status.state() == RunState.CANCELLED ? status.outcome() : null;
    return new Worker(
        worker.id(),
        worker.org(),
        worker.kin(),
        worker.order(),
        new Worker.Standing(state, cause, ended.lastWords(), home),
        worker.times());
  }

  private Worker.Home home(Tx tx, Worker worker, Family.Ended ended) {
    if (ended.withParent()) {
      return Worker.Home.NOWHERE;
    }
    Worker.Kin kin = worker.kin();
    Run parent = rooms.runs().family().find(tx, worker.org(), kin.parent()).orElseThrow();
    boolean waits =
        !worker.order().background()
            && !parent.status().state().over()
            && rooms.runs().family().underWay(tx, worker.org(), kin.parent(), kin.step());
    return waits ? Worker.Home.STEP : returning.bring(tx, worker, ended.run());
  }
}
