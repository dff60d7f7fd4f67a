package dev.rookery;

import dev.rookery.api.Api;
import dev.rookery.api.Page;
import dev.rookery.api.Rooms;
import dev.rookery.api.Vitals;
import dev.rookery.channels.telegram.TelegramPoller;
import dev.rookery.channels.telegram.TelegramPolling;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.DeliveryLoop;
import dev.rookery.delivery.Presence;
import dev.rookery.dispatch.Dispatch;
import dev.rookery.dispatch.Downloads;
import dev.rookery.dispatch.QueueLimits;
import dev.rookery.kernel.NodeId;
import dev.rookery.models.Models;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Loop;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.Org;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.IdempotencyKeys;
import dev.rookery.runs.RunEngine;
import dev.rookery.runs.RunWorkers;
import dev.rookery.secrets.Vault;
import dev.rookery.store.Database;
import dev.rookery.store.Leases;
import dev.rookery.tools.Tool;
import dev.rookery.web.SetupPage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node, and the only place where its parts are put together. Read {@link House} for the
 * rooms and this class for what moves in them.
 */
public final class Rookery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Rookery.class);
  private static final Duration LONG_POLL = Duration.ofSeconds(25);

  private final NodeId node;
  private final DataDir dataDir;
  private final House house;
  private final Org org;
  private final @Nullable String setupPath;
  private final Deque<AutoCloseable> moving = new ArrayDeque<>();
  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final URI url;

  /** What tests put into a node: more tools, and a probe at the boundaries of runs. */
  public record Extras(List<Tool> tools, Boundary.Probe probe) {
    public static final Extras NONE = new Extras(List.of(), Boundary.Probe.NONE);
  }

  private Rookery(Settings settings, DataDir dataDir, NodeId node, Extras extras) {
    this.node = node;
    this.dataDir = dataDir;
    Database database = Installation.openDatabase(settings, dataDir);
    Vault vault = Installation.openVault(settings, dataDir, database);
    this.house = new House(settings, dataDir, database, vault, extras.tools());
    house.hands.begin();
    this.org = house.orgs.defaultOrg();
    this.setupPath = Installation.firstSteps(house, dataDir, org);
    try {
      house.hands.recover();
      RunWorkers started = startMoving(settings, vault, extras.probe());
      int port = startServer(settings, started);
      loops.addAll(house.hands.sandboxes.get().loops());
      this.url = settings.url(port);
    } catch (RuntimeException e) {
      stopMoving();
      house.close();
      throw e;
    }
    dataDir.announce(url.toString(), node);
  }

  /**
   * Starts a node: data directory, database, key, rooms, loops, HTTP server.
   *
   * @throws dev.rookery.kernel.Refusal when it may not start; says what to do
   * @throws dev.rookery.store.StorageUnavailable when the database does not answer
   */
  public static Rookery start(Settings settings) {
    return start(settings, Extras.NONE);
  }

  /** As {@link #start(Settings)}, with what tests add. */
  public static Rookery start(Settings settings, Extras extras) {
    NodeId node = NodeId.next();
    DataDir dataDir = DataDir.open(settings.dataDir(), node);
    try {
      return new Rookery(settings, dataDir, node, extras);
    } catch (RuntimeException e) {
      dataDir.close();
      throw e;
    }
  }

  private RunWorkers startMoving(Settings settings, Vault vault, Boundary.Probe probe) {
    Presence presence = keep(new Presence(house.integrations, house.senders));
    DeliveryLoop deliveries =
        keep(
            house.deliveries.serve(
                new Deliveries.Serving(
                    node,
                    house.integrations,
                    house.conversations,
                    house.senders,
                    house.artifacts)));
    house.outbox.onQueued(deliveries::wake);
    loops.addAll(presence.loops());
    loops.addAll(deliveries.loops());
    RunWorkers.Settings usual = RunWorkers.Settings.of(node);
    RunWorkers started =
        keep(
            RunEngine.start(
                new RunEngine.Stage(
                    house.database(),
                    house.journal,
                    house.outbox,
                    house.approvals,
                    house.conversations,
                    presence),
                house.cast(),
                house.runs,
                new IdempotencyKeys(vault.derive("idempotency")),
                usual.with(probe)));
    loops.addAll(started.loops());
    loops.add(keep(house.approvals.serve()));
    startListening(
        new Dispatch.Limits(QueueLimits.from(settings.env()), Dispatch.Limits.DEFAULT.gate()));
    return started;
  }

  private void startListening(Dispatch.Limits limits) {
    Dispatch dispatch =
        keep(
            new Dispatch(
                new Dispatch.Rooms(
                    house.database(),
                    house.inbox,
                    house.events,
                    house.conversations,
                    house.integrations,
                    house.activations,
                    new Dispatch.Flow(
                        house.runs, house.approvals, house.outbox, house.workers::received),
                    new Dispatch.GateRooms(
                        house.journal, house.orgs, house.agents, house.models, house.spend)),
                new Downloads(house.receivers, house.integrations, house.artifacts),
                limits));
    TelegramPolling polling =
        keep(
            new TelegramPolling(
                new TelegramPoller(house.botApi(), house.telegram, LONG_POLL),
                house.integrations,
                house.inbox,
                new Leases(house.database()),
                node));
    loops.addAll(dispatch.loops());
    loops.addAll(keep(house.occurrences.serve()).loops());
    loops.addAll(polling.loops());
  }

  private String sandbox() {
    return house.hands.sandboxes.availability().sentence();
  }

  private int startServer(Settings settings, RunWorkers workers) {
    Api.About about = new Api.About(version(), node, Instant.now(), this::sandbox);
    Api api =
        new Api(
            rooms(settings, workers),
            new Api.Settings(settings.host(), settings.port(), settings.publicUrl(), about));
    keep(api);
    loops.addAll(keep(house.streams).loops());
    loops.addAll(keep(Sockets.mount(api, house, settings, node)).loops());
    return api.start();
  }

  private Rooms rooms(Settings settings, RunWorkers workers) {
    return new Rooms(
        new Rooms.Ground(
            house.database(),
            house.journal,
            house.audit,
            house.orgs,
            house.members,
            house.keys,
            house.hands.secrets),
        new Rooms.Domain(
            house.agents, house.tools, house.grants, house.integrations, house.models, house.spend),
        new Rooms.Hands(
            house.hands.homes,
            house.hands.checkpoints,
            house.hands.homeTrust,
            house.hands.networks,
            house.hands.sandboxes,
            house.hands.tasks),
        new Rooms.Flow(
            house.inbox,
            house.events,
            house.activations,
            house.runs,
            house.approvals,
            house.deliveries,
            house.artifacts),
        new Rooms.Waking(house.occurrences, house.webhooks, house.workers),
        new Rooms.Live(house.streams),
        new Rooms.Doors(house.receivers, house.setups, pages(settings), vitals(workers)));
  }

  private List<Page> pages(Settings settings) {
    SetupPage setup = new SetupPage(house.setupLinks, settings.publicUrl());
    return List.of(
        new Page("GET", SetupPage.PATH, setup::show),
        new Page("POST", SetupPage.PATH, setup::accept));
  }

  private Vitals vitals(RunWorkers workers) {
    return new Vitals() {
      @Override
      public int activeRuns() {
        return workers.active();
      }

      @Override
      public List<Pulse> loops() {
        return loops.stream().map(l -> new Pulse(l.name(), l.alive(), l.errors())).toList();
      }
    };
  }

  private static String version() {
    String version = Rookery.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private <T extends AutoCloseable> T keep(T part) {
    moving.push(part);
    return part;
  }

  public House house() {
    return house;
  }

  public Org org() {
    return org;
  }

  public NodeId node() {
    return node;
  }

  /** Where it listens, without a trailing slash. */
  public String url() {
    return url.toString();
  }

  /**
   * What runs here.
   *
   * @param database for people, without password
   * @param model the sentence about the model
   * @param sandbox the sentence about the sandbox
   * @param scripted whether answers come from a script because no provider is set
   */
  public record Described(
      String node, Path dataDir, String database, String model, String sandbox, boolean scripted) {}

  public Described describe() {
    Models.Description model = house.models.describe();
    return new Described(
        node.value(),
        dataDir.path(),
        house.database().describe(),
        model.sentence(),
        sandbox(),
        model.scripted());
  }

  /** Returns after {@link #close()}, called from another thread. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** The one-time link with which the first owner signs up; null once there is one. */
  public @Nullable String setupLink() {
    return setupPath == null ? null : url + setupPath;
  }

  /** Drains: no new work, runs finish their step and are handed over, within 25 s. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    stopMoving();
    house.close();
    dataDir.close();
    stopped.countDown();
  }

  private void stopMoving() {
    while (!moving.isEmpty()) {
      AutoCloseable part = moving.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn(
            "{} did not stop cleanly; the rest goes on stopping",
            part.getClass().getSimpleName(),
            e);
      }
    }
  }
}
