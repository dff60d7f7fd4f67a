package dev.rookery.runs;

import dev.rookery.delivery.Presence;
import dev.rookery.inbox.Conversations;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.StopSignal;
import dev.rookery.ops.Loop;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims runs for this node, keeps their leases alive, and hands them over when the node stops. */
public final class RunWorkers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunWorkers.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration DRAIN = Duration.ofSeconds(25);

  private final Ground ground;
  private final Runs runs;
  private final Settings settings;
  private final SceneMaker scenes;
  private final Map<RunId, Execution> executions = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("run-", 0).factory());
  private final Loop claims;
  private final Loop heartbeats;
  private volatile boolean draining;

  /**
   * How much a node does.
   *
   * @param lease how long a claim holds without a heartbeat; heartbeats come three times as often
   */
  public record Settings(
      NodeId node, int perNode, int perOrg, int perAgent, Duration lease, Boundary.Probe probe) {
    public static Settings of(NodeId node) {
      return new Settings(node, 256, 128, 16, Duration.ofSeconds(30), Boundary.Probe.NONE);
    }

    public Settings with(Boundary.Probe other) {
      return new Settings(node, perNode, perOrg, perAgent, lease, other);
    }
  }

  /** What workers stand on. */
  record Ground(
      Database database, RunLog.Ground log, Conversations conversations, Presence presence) {}

  RunWorkers(Ground ground, Runs runs, SceneMaker scenes, Settings settings) {
    this.ground = ground;
    this.runs = runs;
    this.settings = settings;
    this.scenes = scenes;
    if (ground.database().dialect() == Dialect.SQLITE) {
      int left = ground.database().writeAcrossOrgs(QueueStore::releaseAll);
      if (left > 0) {
        log.info("{} runs were under way when the last process stopped; they go on now", left);
      }
    }
    this.claims = Loop.start("run-claims", POLL, this::claimRound);
    this.heartbeats = Loop.start("run-heartbeats", Duration.ofSeconds(1), this::heartbeatRound);
    runs.onReady(claims::wake);
    runs.listeners().onCancelled(this::stop);
  }

  /** Runs that this node works on now. */
  public int active() {
    return executions.size();
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(claims, heartbeats);
  }

  private void stop(RunId run) {
    Execution execution = executions.get(run);
    if (execution != null) {
      execution.signal().fire();
    }
  }

  private boolean claimRound() {
    int free = settings.perNode() - executions.size();
    if (draining || free <= 0) {
      return false;
    }
    List<CapacityRules.AgentDemand> agents =
        ground.database().readAcrossOrgs(tx -> QueueStore.demand(tx, leaseMillis()));
    List<CapacityRules.Demand> demands = CapacityRules.demands(agents, settings.perAgent());
    int started = 0;
    for (var share : CapacityRules.share(free, settings.perOrg(), demands).entrySet()) {
      OrgId org = new OrgId(share.getKey());
      List<Claimed> claimed = ground.database().write(org, tx -> claim(tx, org, share.getValue()));
      claimed.forEach(this::start);
      started += claimed.size();
    }
    agents.forEach(this::noteFull);
    return started > 0;
  }

  /** Why a run is queued is visible (spec 02). */
  private void noteFull(CapacityRules.AgentDemand agent) {
    if (agent.ready() - agent.usable(settings.perAgent()) > agent.noted()) {
      OrgId org = new OrgId(agent.org());
      ground
          .database()
          .write(
              org,
              tx -> {
                QueueStore.noteFull(tx, org, new AgentId(agent.agent()), leaseMillis());
                return agent;
              });
    }
  }

  /** A run of ours, the milliseconds it has left, and what it waited for. */
  private record Claimed(Run run, long left, @Nullable String waitedFor) {}

  /** Oldest first; runs of an agent without a place are passed over, not waited for. */
  private List<Claimed> claim(Tx tx, OrgId org, int places) {
    Map<AgentId, Integer> busy = new HashMap<>();
    Set<AgentId> full = new HashSet<>();
    List<Claimed> claimed = new ArrayList<>();
    List<Run> next =
        QueueStore.claimable(tx, org, leaseMillis(), new QueueStore.Places(places, full));
    while (!next.isEmpty()) {
      for (Run run : next) {
        int running = busy.computeIfAbsent(run.agent(), agent -> QueueStore.leased(tx, org, agent));
        if (running < settings.perAgent()) {
          claimed.add(claim(tx, run));
          busy.put(run.agent(), running + 1);
        } else {
          full.add(run.agent());
        }
      }
      int left = places - claimed.size();
      next =
          left == 0 || full.isEmpty()
              ? List.of()
              : QueueStore.claimable(tx, org, leaseMillis(), new QueueStore.Places(left, full));
    }
    return claimed;
  }

  private Claimed claim(Tx tx, Run run) {
    OrgId org = run.org();
    boolean afterCrash = run.lease().owner() != null;
    QueueStore.claim(
        tx,
        org,
        run.id(),
        new QueueStore.Claim(settings.node().value(), leaseMillis(), afterCrash));
    ground
        .log()
        .journal()
        .append(
            tx,
            org,
            new JournalEntry(
                afterCrash ? "run.recovered" : "run.started",
                run.id().value(),
                run.conversation(),
                Json.object()
                    .put("node", settings.node().value())
                    .put("fence", run.lease().fence() + 1)));
    return new Claimed(
        claimed(run, afterCrash), run.times().deadline() - tx.now(), run.status().waitReason());
  }

  private static Run claimed(Run run, boolean afterCrash) {
    Run.Lease lease =
        new Run.Lease(run.lease().fence() + 1, null, run.lease().attempts() + (afterCrash ? 1 : 0));
    return new Run(
        run.id(),
        run.org(),
        run.agent(),
        run.conversation(),
        run.origin(),
        new Run.Status(RunState.RUNNING, null, null, null),
        lease,
        run.times());
  }

  private void start(Claimed claimed) {
    Execution execution = new Execution(claimed);
    executions.put(claimed.run().id(), execution);
    threads.execute(() -> execute(execution));
  }

  private void execute(Execution execution) {
    Run run = execution.run();
    try (Presence.Working _ = presence(run)) {
      RunLog runLog = new RunLog(ground.log(), run);
      RunInterpreter.Scene scene = scenes.scene(run, runLog);
      if (scene != null) {
        new RunInterpreter(runLog, scene, settings.probe(), execution).drive();
      }
    } catch (RuntimeException e) {
      log.warn("run {} could not go on here; its lease expires and it is tried again", run.id(), e);
    } finally {
      executions.remove(run.id(), execution);
      claims.wake();
    }
  }

  private Presence.Working presence(Run run) {
    return ground
        .database()
        .read(run.org(), tx -> ground.conversations().find(tx, run.org(), run.conversation()))
        .map(conversation -> ground.presence().working(run.org(), conversation))
        .orElse(() -> {});
  }

  private boolean heartbeatRound() {
    long now = System.nanoTime();
    long every = settings.lease().toNanos() / 3;
    Map<OrgId, List<Execution>> due = new HashMap<>();
    for (Execution execution : executions.values()) {
      if (execution.pastDeadline()) {
        execution.signal().fire();
      }
      if (now - execution.lastBeat >= every) {
        due.computeIfAbsent(execution.run().org(), _ -> new ArrayList<>()).add(execution);
      }
    }
    due.forEach((org, beating) -> beat(org, beating, now));
    stopWhatOthersCancelled();
    return false;
  }

  /**
   * A cancel on another node takes the lease away; what still goes on here is stopped within a
   * second or two, long before the next heartbeat would notice.
   */
  private void stopWhatOthersCancelled() {
    if (ground.database().dialect() == Dialect.SQLITE || executions.isEmpty()) {
      return;
    }
    List<Execution> mine = List.copyOf(executions.values());
    Map<RunId, Long> held =
        ground.database().readAcrossOrgs(tx -> QueueStore.heldBy(tx, settings.node()));
    for (Execution execution : mine) {
      Run run = execution.run();
      if (!Long.valueOf(run.lease().fence()).equals(held.get(run.id()))) {
        execution.signal().fire();
      }
    }
  }

  private void beat(OrgId org, List<Execution> beating, long now) {
    List<Execution> lost =
        ground
            .database()
            .write(org, tx -> beating.stream().filter(e -> !renewed(tx, org, e)).toList());
    beating.forEach(e -> e.lastBeat = now);
    lost.forEach(e -> e.signal().fire());
  }

  private boolean renewed(Tx tx, OrgId org, Execution execution) {
    Run run = execution.run();
    return QueueStore.renew(tx, org, run.id(), run.lease().fence(), leaseMillis());
  }

  private long leaseMillis() {
    return settings.lease().toMillis();
  }

  /**
   * Stops claiming; each run finishes its step and is handed over, within 25 s; then streams are
   * closed.
   */
  @Override
  public void close() {
    draining = true;
    claims.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        executions.values().forEach(e -> e.signal().fire());
        if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
          log.warn("{} runs did not stop in time; their leases expire", executions.size());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeats.close();
  }

  /** One run on this node. */
  private final class Execution implements RunInterpreter.Control {
    private final Run run;
    private final StopSignal signal = new StopSignal();
    private final long deadlineNanos;
    private final boolean awaitedMoney;
    private volatile long lastBeat = System.nanoTime();

    Execution(Claimed claimed) {
      this.run = claimed.run();
      this.deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(claimed.left());
      this.awaitedMoney = Runs.AWAITS_BUDGET.equals(claimed.waitedFor());
    }

    Run run() {
      return run;
    }

    @Override
    public StopSignal signal() {
      return signal;
    }

    @Override
    public boolean draining() {
      return draining;
    }

    @Override
    public boolean pastDeadline() {
      return System.nanoTime() - deadlineNanos >= 0;
    }

    @Override
    public boolean awaitedMoney() {
      return awaitedMoney;
    }

    @Override
    public void said(Step step, String words) {
      runs.listeners()
          .said(
              new TokenDelta(
                  run.org(),
                  run.id(),
                  run.agent(),
                  run.conversation(),
                  step.seq(),
                  step.attempts(),
                  words));
    }
  }
}
