package dev.rookery;

import dev.rookery.activation.Activation;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.delivery.Presence;
import dev.rookery.dispatch.Attachments;
import dev.rookery.dispatch.Dispatch;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbox;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.policy.Grant;
import dev.rookery.runs.IdempotencyKeys;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunEngine;
import dev.rookery.runs.RunWorkers;
import dev.rookery.runs.Runs;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabases;
import dev.rookery.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The rooms over a test database, in an organization of their own; what moves in them is started by
 * the test, as many nodes as it likes. People speak in conversations inside Rookery, where being
 * queued is being delivered.
 */
public final class Colony implements AutoCloseable {
  public static final String ECHO =
      """
      version: 1
      rules:
        - then: {text: "You said: {{last_user_text}}"}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final DataDir dataDir;
  private final House house;
  private final OrgId org;
  private final Deque<AutoCloseable> moving = new ArrayDeque<>();

  public Colony(Database database, Map<String, String> env, Tool... tools) {
    this.database = database;
    try {
      Path dir = Files.createTempDirectory("rookery-colony-");
      this.dataDir = DataDir.open(dir, NodeId.next());
      Settings settings = new Settings(dir, "127.0.0.1", 0, null, null, env);
      this.house =
          new House(settings, dataDir, database, new ReversibleVault(), Arrays.asList(tools));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.org = newOrg();
  }

  /** A colony whose model follows a script. */
  public static Colony scripted(Database database, String yaml, Tool... tools) {
    try {
      Path script = Files.createTempFile("script", ".yaml");
      script.toFile().deleteOnExit();
      Files.writeString(script, yaml);
      return new Colony(database, Map.of("ROOKERY_SCRIPT", script.toString()), tools);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public OrgId newOrg() {
    OrgId fresh = OrgId.next();
    return database.writeAcrossOrgs(
        tx -> {
          Rows.org(tx, fresh);
          return fresh;
        });
  }

  public House house() {
    return house;
  }

  public OrgId org() {
    return org;
  }

  public Database database() {
    return database;
  }

  public Colony dispatching() {
    return dispatching(_ -> List.of());
  }

  public Colony dispatching(Attachments attachments) {
    return dispatching(attachments, Dispatch.Limits.DEFAULT);
  }

  public Colony dispatching(Attachments attachments, Dispatch.Limits limits) {
    keep(
        new Dispatch(
            new Dispatch.Rooms(
                database,
                house.inbox,
                house.events,
                house.conversations,
                house.integrations,
                house.activations,
                new Dispatch.Flow(
                    house.runs, house.approvals, house.outbox, house.workers::received),
                new Dispatch.GateRooms(
                    house.journal, house.orgs, house.agents, house.models, house.spend)),
            attachments,
            limits));
    return this;
  }

  /** Another node that works, with the usual settings. */
  public RunWorkers working() {
    return working(usual -> usual);
  }

  public RunWorkers working(UnaryOperator<RunWorkers.Settings> change) {
    Presence presence = keep(new Presence(house.integrations, house.senders));
    return keep(
        RunEngine.start(
            new RunEngine.Stage(
                database,
                house.journal,
                house.outbox,
                house.approvals,
                house.conversations,
                presence),
            house.cast(),
            house.runs,
            new IdempotencyKeys("secret".getBytes(StandardCharsets.UTF_8)),
            change.apply(RunWorkers.Settings.of(NodeId.next()))));
  }

  public <T extends AutoCloseable> T keep(T part) {
    moving.push(part);
    return part;
  }

  /** May use every tool. */
  public Agent agent(String handle) {
    return agent(org, handle);
  }

  public Agent agent(OrgId other, String handle) {
    Agent agent = house.agents.create(other, new NewAgent(handle, handle, "Be helpful.", null));
    house.grants.put(other, agent.id(), new Grant("*", Grant.Verdict.ALLOW));
    return agent;
  }

  /** May use one tool, and is to ask each time. */
  public Agent asking(String handle, String tool) {
    Agent agent = house.agents.create(org, new NewAgent(handle, handle, "Be helpful.", null));
    rule(agent, Grant.Verdict.ASK, tool);
    return agent;
  }

  public void denying(Agent agent, String rule) {
    rule(agent, Grant.Verdict.DENY, rule);
  }

  public void rule(Agent agent, Grant.Verdict verdict, String rule) {
    house.grants.put(agent.org(), agent.id(), new Grant(rule, verdict));
  }

  /** What a person says to an agent in a conversation. */
  public static Inbound line(String conversation, String text) {
    return new Inbound(
        new Inbound.Origin("test", null, null),
        "manual",
        Ids.next("key"),
        new Inbound.Place(conversation, null, conversation, conversation, true),
        new Inbound.Actor(Inbound.Actor.Kind.MEMBER, "ada", "Ada", 0),
        Instant.EPOCH,
        new Inbound.Content(text, true, null, List.of()),
        Json.object());
  }

  public EventId tell(Agent agent, String conversation, String text) {
    return accept(agent, line(conversation, text)).event();
  }

  public Inbox.Accepted accept(Agent agent, Inbound inbound) {
    return house.inbox.acceptAll(agent.org(), List.of(inbound), agent.id()).getFirst();
  }

  /** The run that the event woke or went into, once that is decided. */
  public RunId runOf(EventId event) {
    return runOf(org, event);
  }

  public RunId runOf(OrgId other, EventId event) {
    until(
        "event " + event + " is dispatched",
        () -> house.events.find(other, event).dispatch().state().equals("dispatched"));
    return house.activations.ofEvent(other, event).stream()
        .map(Activation::run)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new AssertionError(house.activations.ofEvent(other, event)));
  }

  /** Says it and waits for the run to be over. */
  public Run ask(Agent agent, String conversation, String text) {
    return over(runOf(agent.org(), tell(agent, conversation, text)));
  }

  public Run run(RunId id) {
    return house.runs.find(org, id);
  }

  public Run over(RunId id) {
    until("run " + id + " is over", () -> anyOrg(id).status().state().over());
    return anyOrg(id);
  }

  private Run anyOrg(RunId id) {
    String owner =
        database.readAcrossOrgs(
            tx ->
                tx.handle()
                    .createQuery("SELECT org_id FROM run WHERE id = :id")
                    .bind("id", id.value())
                    .mapTo(String.class)
                    .one());
    return house.runs.find(new OrgId(owner), id);
  }

  public List<Run> runs() {
    return house.runs.list(org, new Runs.Query(null, null, null, 5_000)).reversed();
  }

  /** What was said in a conversation, oldest first. */
  public List<String> said(String conversation) {
    return house
        .deliveries
        .list(org, new Deliveries.Query(null, null, conversation, null, 1_000))
        .reversed()
        .stream()
        .map(Delivery::message)
        .map(Delivery.Message::markdown)
        .toList();
  }

  public List<JournalRecord> journal() {
    return house.journal.after(org, 0, 100_000);
  }

  public List<JournalRecord> journal(RunId run) {
    return house.journal.about(org, run.value(), 1_000);
  }

  /** Waits for the condition, looking again at least 20 times a second. */
  public void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what + "; the journal: " + journal());
      }
      try {
        house.journal.await(org, house.journal.head(org), 1, Duration.ofMillis(50));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Stops what moves; the database stays open. */
  public void stop() {
    while (!moving.isEmpty()) {
      try {
        moving.pop().close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    stop();
    house.models.close();
    dataDir.close();
    TestDatabases.deleteDirectory(dataDir.path());
  }
}
