package dev.rookery;

import dev.rookery.activation.Activations;
import dev.rookery.agents.Agents;
import dev.rookery.approvals.Approvals;
import dev.rookery.audit.Audit;
import dev.rookery.channels.telegram.BotApi;
import dev.rookery.channels.telegram.TelegramConnection;
import dev.rookery.channels.telegram.TelegramReceiver;
import dev.rookery.channels.telegram.TelegramSender;
import dev.rookery.channels.telegram.TelegramSetup;
import dev.rookery.delivery.Artifacts;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Outbox;
import dev.rookery.delivery.Senders;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Receivers;
import dev.rookery.integrations.ChannelSetup;
import dev.rookery.integrations.Integrations;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.Json;
import dev.rookery.models.ModelSettings;
import dev.rookery.models.Models;
import dev.rookery.occurrences.Occurrences;
import dev.rookery.occurrences.own.OwnSchedules;
import dev.rookery.occurrences.own.ScheduleTool;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Members;
import dev.rookery.orgs.Orgs;
import dev.rookery.orgs.SetupLinks;
import dev.rookery.policy.Grants;
import dev.rookery.runs.RunEngine;
import dev.rookery.runs.Runs;
import dev.rookery.secrets.Vault;
import dev.rookery.spend.Prices;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.streams.Streams;
import dev.rookery.tools.Tool;
import dev.rookery.tools.Tools;
import dev.rookery.webhooks.Webhooks;
import dev.rookery.workers.WorkerLimits;
import dev.rookery.workers.WorkerTool;
import dev.rookery.workers.Workers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Every room of the house, wired. Nothing runs yet; {@link Rookery} starts what moves. */
public final class House implements AutoCloseable {
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Database database;
  private final BotApi botApi;

  public final Journal journal;
  public final Audit audit;
  public final Orgs orgs;
  public final Members members;
  public final ApiKeys keys;
  public final SetupLinks setupLinks;
  public final Activations activations;
  public final Agents agents;
  public final Integrations integrations;
  public final Grants grants;
  public final Hands hands;
  public final Tools tools;
  public final Models models;
  public final Spend spend;
  public final Conversations conversations;
  public final Inbox inbox;
  public final Events events;
  public final Senders senders;
  public final Receivers receivers;
  public final List<ChannelSetup> setups;
  public final TelegramReceiver telegram;
  public final Outbox outbox;
  public final Deliveries deliveries;
  public final Artifacts artifacts;
  public final Approvals approvals;
  public final Runs runs;
  public final Webhooks webhooks;
  public final Occurrences occurrences;
  public final Workers workers;
  public final Streams streams;

  /**
   * Wires the rooms over an open database.
   *
   * @param extraTools built-in tools besides the usual ones
   */
  public House(
      Settings settings, DataDir dataDir, Database database, Vault vault, List<Tool> extraTools) {
    this.database = database;
    this.journal = new Journal(database);
    this.audit = new Audit(database);
    this.orgs = new Orgs(database, journal);
    this.members = new Members(database, journal);
    this.keys = new ApiKeys(database, journal, background);
    this.setupLinks = new SetupLinks(database, journal, members, keys);
    this.activations = new Activations(database, journal);
    this.agents = agents();
    this.integrations = new Integrations(database, journal, vault);
    this.grants = new Grants(database, journal);
    this.hands = new Hands(settings, dataDir, new Hands.Ground(database, journal, vault));
    this.tools = new Tools(database, journal, hands.wire(vault), grants, builtins(extraTools));
    this.models =
        new Models(ModelSettings.from(settings.env(), dataDir.scripts()), InstantSource.system());
    this.spend = new Spend(database, journal, new Prices(database, journal, dataDir.prices()));
    this.conversations = new Conversations(database);
    this.inbox = new Inbox(database, journal);
    this.events = new Events(database, journal);
    this.botApi = new BotApi(vault, BotApi.Patience.USUAL);
    this.telegram = new TelegramReceiver(botApi, InstantSource.system());
    this.senders = new Senders(List.of(new TelegramSender(botApi)));
    this.receivers = new Receivers(List.of(telegram));
    this.setups = List.of(new TelegramConnection(new TelegramSetup(botApi)));
    this.outbox = new Outbox(conversations, senders, journal);
    this.deliveries = new Deliveries(database, journal);
    this.artifacts = new Artifacts(database, journal);
    this.approvals = approvals();
    this.runs = new Runs(database, journal, outbox, new Runs.Gates(approvals, spend));
    this.occurrences = waking();
    this.webhooks = webhooks(vault);
    this.workers = workers(settings);
    this.streams = new Streams(new Streams.Rooms(journal, keys, runs, agents));
  }

  /** A new one is woken by what the usual policies say. */
  private Agents agents() {
    return new Agents(
        database, journal, (tx, agent) -> activations.addDefaults(tx, agent.org(), agent.id()));
  }

  /** Arguments that a person edits are checked as those of a model are. */
  private Approvals approvals() {
    return new Approvals(
        database,
        journal,
        new Approvals.Places(conversations, outbox),
        (tx, org, tool, arguments) -> tools.violations(tx, org, tool, Json.parse(arguments)));
  }

  /** Those that need rooms which are built later ask for them when they are called. */
  private List<Tool> builtins(List<Tool> extra) {
    List<Tool> all = new ArrayList<>(hands.tools(extra));
    all.addAll(ScheduleTool.all(this::ownSchedules));
    all.addAll(WorkerTool.all(() -> workers));
    return all;
  }

  /** Hears of each child that ends from here on. */
  private Workers workers(Settings settings) {
    return new Workers(
        database,
        journal,
        new Workers.Rooms(
            new Workers.Intake(inbox, events, conversations),
            activations,
            runs,
            outbox,
            artifacts,
            tools,
            spend.budgets()),
        WorkerLimits.from(settings.env()));
  }

  private OwnSchedules ownSchedules() {
    return new OwnSchedules(
        database, new OwnSchedules.Rooms(activations, occurrences, conversations, runs));
  }

  /** Takes part in changes of webhooks from here on. */
  private Webhooks webhooks(Vault vault) {
    Webhooks.Rooms around = new Webhooks.Rooms(inbox, events, conversations, activations);
    Webhooks hooks = new Webhooks(database, journal, around, vault, InstantSource.system());
    activations.keptBy(hooks);
    return hooks;
  }

  /** Takes part in changes of schedules from here on. */
  private Occurrences waking() {
    Occurrences clock =
        new Occurrences(
            database,
            journal,
            new Occurrences.Rooms(
                activations, inbox, events, conversations, runs, approvals, outbox));
    activations.keptBy(clock.keeper());
    return clock;
  }

  /** What runs are played with. */
  public RunEngine.Cast cast() {
    return new RunEngine.Cast(
        orgs,
        agents,
        models,
        tools,
        grants,
        spend,
        hands.secrets,
        new RunEngine.Places(hands.sandboxes, hands.homeTrust));
  }

  public Database database() {
    return database;
  }

  BotApi botApi() {
    return botApi;
  }

  @Override
  public void close() {
    streams.close();
    models.close();
    botApi.close();
    hands.close();
    background.close();
    database.close();
  }
}
