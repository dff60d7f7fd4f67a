package dev.rookery.crash;

import dev.rookery.crash.Plan.Round;
import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.kernel.Json;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database whose node is killed while runs stand at many places, and what outlives the node. */
final class Crash implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RULE =
      """
        - when: {user_text: {contains: "use TOOL in"}}
          then: {tool_calls: [{tool: TOOL, arguments: {note: "{{last_user_text}}"}}]}
      """;
  private static final String LAST_RULE =
      """
        - then: {text: "Done: {{last_user_text}}"}
      """;

  private final Path dir;
  private final TestDatabases.@Nullable Server server;
  private final LocalBotApi botApi = LocalBotApi.start();
  private final EffectLedger tools = new EffectLedger();
  private final List<String> asked = new ArrayList<>();

  /**
   * @param server null for SQLite
   */
  Crash(TestDatabases.@Nullable Server server) {
    this.server = server;
    try {
      this.dir = Files.createTempDirectory("rookery-crash-");
      StringBuilder script = new StringBuilder("version: 1\nrules:\n");
      CrashedNode.TOOLS.forEach(tool -> script.append(RULE.replace("TOOL", tool)));
      Files.writeString(dir.resolve("script.yaml"), script.append(LAST_RULE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the runs of each round at their place, kills the node once, and lets another end it. */
  void run(List<Round> rounds) {
    try (Child victim = Child.start(plan())) {
      victim.await("settled", 1);
      rounds.forEach(round -> stop(victim, round));
      victim.kill();
    }
    tools.mute("");
    botApi.clearFaults();
    expireLeases();
    try (Child heir = Child.start(plan())) {
      heir.await("settled", 1);
      heir.end();
      asked.addAll(heir.said().stream().filter(line -> line.startsWith("asked ")).toList());
    }
  }

  private void stop(Child child, Round round) {
    int effects = tools.count();
    int sent = botApi.messages().size();
    int calls = botApi.calls("sendMessage").size();
    int runs = round.tools().size();
    switch (round.boundary()) {
      case Round.IN_CALL -> {
        tools.mute("in round " + round.number());
        child.tell(Json.write(round));
        tools.await(effects + runs, PATIENCE);
      }
      case Round.SENDING -> {
        botApi.fault("sendMessage", Fault.stallAfter());
        botApi.fault("sendMessage", Fault.stallBefore());
        child.tell(Json.write(round));
        botApi.awaitCalls("sendMessage", calls + runs, PATIENCE);
      }
      default -> {
        child.tell(Json.write(round));
        child.await("blocked " + round, runs);
        if (round.boundary().equals("REPLIED")) {
          botApi.awaitMessages(sent + runs, PATIENCE);
        }
      }
    }
  }

  private Plan plan() {
    Map<String, String> env = new HashMap<>();
    env.put("ROOKERY_SCRIPT", dir.resolve("script.yaml").toString());
    String url = null;
    if (server != null) {
      url = server.url();
      env.put("ROOKERY_DATABASE_USER", server.user());
      env.put("ROOKERY_DATABASE_PASSWORD", server.password());
    }
    return new Plan(
        dir.resolve("data").toString(),
        url,
        env,
        new Plan.World(botApi.baseUrl().toString(), tools.url()));
  }

  /** Half a minute or more passes: on PostgreSQL another node waits for the leases to run out. */
  private void expireLeases() {
    if (server != null) {
      try (Database database = server.open()) {
        database.<Integer>writeAcrossOrgs(
            tx ->
                tx.handle().execute("UPDATE run SET lease_until = 0 WHERE lease_owner IS NOT NULL")
                    + tx.handle().execute("UPDATE outbox SET lease_until = 0"));
      }
    }
  }

  /** What the database holds now that all nodes are gone; the caller closes it. */
  Database open() {
    return server != null
        ? server.open()
        : TestDatabases.sqlite(dir.resolve("data").resolve("rookery.db"), InstantSource.system());
  }

  EffectLedger tools() {
    return tools;
  }

  LocalBotApi botApi() {
    return botApi;
  }

  /** What a person was asked by the second node, one line per step. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    tools.close();
    botApi.close();
    if (server != null) {
      server.close();
    }
    TestDatabases.deleteDirectory(dir);
  }
}
