package dev.rookery;

import dev.rookery.channels.telegram.TelegramPoller;
import dev.rookery.channels.telegram.TelegramPolling;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.DeliveryLoop;
import dev.rookery.delivery.Presence;
import dev.rookery.dispatch.Dispatch;
import dev.rookery.dispatch.Downloads;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.SteadyClock;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.Orgs;
import dev.rookery.orgs.Role;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.IdempotencyKeys;
import dev.rookery.runs.RunEngine;
import dev.rookery.runs.RunWorkers;
import dev.rookery.secrets.Vault;
import dev.rookery.secrets.Vaults;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import dev.rookery.store.Leases;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
  private static final int POSTGRES_POOL = 16;

  private final NodeId node;
  private final DataDir dataDir;
  private final House house;
  private final Org org;
  private final @Nullable String setupLink;
  private final RunWorkers workers;
  private final Deque<AutoCloseable> moving = new ArrayDeque<>();

  /** What tests put into a node: more tools, and a probe at the boundaries of runs. */
  public record Extras(List<Tool> tools, Boundary.Probe probe) {
    public static final Extras NONE = new Extras(List.of(), Boundary.Probe.NONE);
  }

  private Rookery(Settings settings, DataDir dataDir, NodeId node, Extras extras) {
    this.node = node;
    this.dataDir = dataDir;
    Database database = openDatabase(settings, dataDir);
    Vault vault;
    try {
      boolean fresh = new Orgs(database, new Journal(database)).list().isEmpty();
      vault = Vaults.open(settings.env().get(Vaults.KEY_VARIABLE), dataDir.masterKey(), fresh);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    this.house = new House(settings, dataDir, database, vault, extras.tools());
    this.org = house.orgs.defaultOrg();
    this.setupLink = firstSteps();
    this.workers = startMoving(vault, extras.probe());
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

  static Database openDatabase(Settings settings, DataDir dataDir) {
    String url = settings.databaseUrl();
    return url == null
        ? Databases.sqlite(dataDir.database(), new SteadyClock())
        : Databases.postgres(
            new Databases.Postgres(
                url,
                settings.env().get("ROOKERY_DATABASE_USER"),
                settings.env().get("ROOKERY_DATABASE_PASSWORD"),
                POSTGRES_POOL));
  }

  /** The local key of the command line, and the set-up link while nobody has used one. */
  private @Nullable String firstSteps() {
    if (dataDir.readPrivate(dataDir.cliKey()).isEmpty()) {
      ApiKey.Created created =
          house.keys.create(org.id(), new ApiKey.Wish("command line", Role.OWNER, null));
      dataDir.writePrivate(dataDir.cliKey(), created.secret() + "\n");
    }
    return house.members.list(org.id()).isEmpty()
        ? "/setup/" + house.setupLinks.create(org.id()).token()
        : null;
  }

  private RunWorkers startMoving(Vault vault, Boundary.Probe probe) {
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
    RunWorkers.Settings usual = RunWorkers.Settings.of(node);
    RunWorkers started =
        keep(
            RunEngine.start(
                new RunEngine.Stage(
                    house.database(), house.journal, house.outbox, house.conversations, presence),
                new RunEngine.Cast(house.orgs, house.agents, house.models, house.tools),
                house.runs,
                new IdempotencyKeys(vault.derive("idempotency")),
                usual.with(probe)));
    startListening();
    return started;
  }

  private void startListening() {
    keep(
        new Dispatch(
            new Dispatch.Rooms(
                house.database(),
                house.inbox,
                house.events,
                house.conversations,
                house.integrations,
                house.activations,
                house.runs,
                house.outbox),
            new Downloads(house.receivers, house.integrations, house.artifacts)));
    keep(
        new TelegramPolling(
            new TelegramPoller(house.botApi(), house.telegram, LONG_POLL),
            house.integrations,
            house.inbox,
            new Leases(house.database()),
            node));
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

  public int activeRuns() {
    return workers.active();
  }

  /** Path of the one-time link with which the first owner signs up; null once there is one. */
  public @Nullable String setupLink() {
    return setupLink;
  }

  /** Drains: no new work, runs finish their step and are handed over, within 25 s. */
  @Override
  public void close() {
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
    house.close();
    dataDir.close();
  }
}
