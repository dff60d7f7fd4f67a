package dev.rookery.sandbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.StopSignal;
import dev.rookery.sandbox.BackgroundTask.Ending;
import dev.rookery.sandbox.BackgroundTask.State;
import dev.rookery.store.Database;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that outlive the run which started them. All runs of the same agent can list, read and
 * stop them. They end with the server: a task whose server was killed is found {@code lost}.
 */
public final class BackgroundTasks {
  private static final Logger log = LoggerFactory.getLogger(BackgroundTasks.class);
  private static final int MOST = 8;
  private static final int LISTED = 50;

  private final Database database;
  private final Supplier<Sandboxes> sandboxes;
  private final ConcurrentHashMap<String, StopSignal> running = new ConcurrentHashMap<>();

  /**
   * @param sandboxes asked for when a task is
   */
  public BackgroundTasks(Database database, Supplier<Sandboxes> sandboxes) {
    this.database = database;
    this.sandboxes = sandboxes;
  }

  /**
   * At the start of a server: finds lost what an earlier one of this data directory was running.
   */
  public void recover() {
    String why = "the server that ran it ended before it did";
    String instance = sandboxes.get().instance();
    int lost = database.writeAcrossOrgs(tx -> BackgroundTaskStore.loseAll(tx, instance, why));
    if (lost > 0) {
      log.warn("{} background tasks ended with the server before and are marked lost", lost);
    }
  }

  /**
   * Starts one. A step starts at most one: asked again, it answers with the same.
   *
   * @throws Refusal {@code too-many-tasks}; {@code sandbox-unavailable}
   */
  public BackgroundTask start(OrgId org, AgentId agent, Exec exec) {
    StepRef step = exec.step();
    if (step == null || !(exec.command() instanceof Command.Shell(var line))) {
      throw new IllegalArgumentException("a background task is a shell command of a step");
    }
    Sandbox sandbox = sandboxes.get().ensure(org, agent);
    BackgroundTask wish =
        new BackgroundTask(Ids.next("bgt"), agent, step, line, State.RUNNING, Ending.NONE, 0);
    BackgroundTask task = database.write(org, tx -> inserted(tx, org, wish));
    if (task.id().equals(wish.id())) {
      StopSignal stop = new StopSignal();
      running.put(task.id(), stop);
      Thread.ofPlatform()
          .name("background-" + task.id())
          .daemon(true)
          .start(() -> run(org, task, sandbox, exec, stop));
    }
    return task;
  }

  private BackgroundTask inserted(Tx tx, OrgId org, BackgroundTask wish) {
    Optional<BackgroundTask> before = BackgroundTaskStore.ofStep(tx, org, wish.step());
    if (before.isPresent()) {
      return before.get();
    }
    if (BackgroundTaskStore.running(tx, org, wish.agent()) >= MOST) {
      throw new Refusal(
          Refusal.Kind.TOO_MANY,
          "too-many-tasks",
          "The agent has "
              + MOST
              + " background tasks running. Stop one with background_stop first.");
    }
    BackgroundTaskStore.insert(tx, org, wish, sandboxes.get().instance());
    return BackgroundTaskStore.ofStep(tx, org, wish.step()).orElseThrow();
  }

  private void run(OrgId org, BackgroundTask task, Sandbox sandbox, Exec exec, StopSignal stop) {
    State state = State.KILLED;
    Ending ending;
    try {
      ending =
          switch (sandbox.execBeside(exec, OutputSink.NOWHERE, stop)) {
            case Outcome.Exit(int code) -> {
              state = State.DONE;
              yield new Ending(code, null, null);
            }
            case Outcome.Killed(var why, var detail) -> new Ending(why.code(), detail, null);
            case Outcome.LostContact(var detail) -> {
              state = State.LOST;
              yield new Ending(null, detail, null);
            }
          };
    } catch (Refusal e) {
      ending = new Ending(null, e.getMessage(), null);
    }
    end(org, task, state, ending);
    running.remove(task.id());
  }

  private void end(OrgId org, BackgroundTask task, State state, Ending ending) {
    try {
      database.write(org, tx -> BackgroundTaskStore.end(tx, org, task.id(), state, ending));
    } catch (StorageUnavailable e) {
      log.warn(
          "the end of background task {} is not stored; the next start marks it lost",
          task.id(),
          e);
    }
  }

  /** Those of the agent, the newest first, at most 50. */
  public List<BackgroundTask> list(OrgId org, AgentId agent) {
    return database.read(org, tx -> BackgroundTaskStore.of(tx, org, agent, LISTED));
  }

  /**
   * One of the agent's.
   *
   * @throws Refusal {@code task-not-found}
   */
  public BackgroundTask get(OrgId org, AgentId agent, String id) {
    return database
        .read(org, tx -> BackgroundTaskStore.find(tx, org, agent, id))
        .orElseThrow(
            () ->
                new Refusal(
                    Refusal.Kind.NOT_FOUND,
                    "task-not-found",
                    "The agent has no background task of this id. See background_list."));
  }

  /** The code that its own shell recorded; null when there is none. */
  public @Nullable Integer recordedCode(OrgId org, BackgroundTask task) {
    Recorded recorded =
        StepFiles.lookUp(sandboxes.get().homes().of(org, task.agent()), task.step(), 0);
    return recorded == null ? null : recorded.code();
  }

  /** The end of what it wrote so far, at most so many bytes. */
  public Tail output(OrgId org, BackgroundTask task, int tail) {
    return StepFiles.output(sandboxes.get().homes().of(org, task.agent()), task.step(), tail);
  }

  /** The task that this step started; null when it started none. */
  public @Nullable BackgroundTask ofStep(OrgId org, StepRef step) {
    return database.read(org, tx -> BackgroundTaskStore.ofStep(tx, org, step)).orElse(null);
  }

  /**
   * Asks for its end: TERM, and KILL after three seconds. An ended one stays as it is.
   *
   * @throws Refusal {@code task-not-found}; {@code task-elsewhere} when another node runs it
   */
  public BackgroundTask stop(OrgId org, AgentId agent, String id) {
    BackgroundTask task = get(org, agent, id);
    StopSignal stop = running.get(id);
    if (stop != null) {
      stop.fire();
    } else if (get(org, agent, id).state() == State.RUNNING) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "task-elsewhere",
          "Background task " + task.id() + " runs on another node; only that node can stop it.");
    }
    return task;
  }
}
