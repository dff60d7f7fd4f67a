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
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A database whose node is killed while runs stand at many places, and what outlives the node. */
final class Crash implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RULE =
      """
        - when: {user_text: {contains: "use TOOL in"}}
          then: {tool_calls: [{tool: TOOL, arguments: {note: "{{last_user_text}}"}}]}
      """;
  private static final String COMMAND_RULE =
      """
        - when: {user_text: {contains: "use NAME in"}}
          then:
            tool_calls:
              - tool: bash
                arguments:
                  command: "touch begun-NAME; DOES; (exit 7) # {{last_user_text}}"
                  session: NAME
      """;
  private static final String COMMAND = "IN_COMMAND";
  private static final String NOTED = "echo '{{last_user_text}}' >> ledger-NAME";
  private static final String LAST_RULE =
      """
        - then: {text: "Done: {{last_user_text}}"}
      """;

  private final Path dir;
  private final TestDatabases.@Nullable Server server;
  private final LocalBotApi botApi = LocalBotApi.start();
  private final EffectLedger tools = new EffectLedger();
  private final List<String> asked = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();
  private final Map<Integer, Path> homes = new HashMap<>();

  /**
   * @param server null for SQLite
   */
  Crash(TestDatabases.@Nullable Server server) {
    this.server = server;
    try {
      this.dir = Files.createTempDirectory("rookery-crash-");
      StringBuilder script = new StringBuilder("version: 1\nrules:\n");
      CrashedNode.TOOLS.forEach(tool -> script.append(RULE.replace("TOOL", tool)));
      script.append(command("bash", NOTED + "; sleep 0.2"));
      script.append(command("bash_long", NOTED + "; sleep 60"));
      script.append(command("bash_late", "sleep 60; " + NOTED));
      script.append(command("bash_brief", NOTED + "; sleep 0.1"));
      Files.writeString(dir.resolve("script.yaml"), script.append(LAST_RULE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String command(String name, String does) {
    return COMMAND_RULE.replace("DOES", does).replace("NAME", name);
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
      allowed.addAll(heir.said().stream().filter(line -> line.startsWith("allowed ")).toList());
    }
  }

  private void stop(Child child, Round round) {
    int effects = tools.count();
    int sent = botApi.messages().size();
    int calls = botApi.calls("sendMessage").size();
    int runs = round.tools().size();
    boolean commandGoesOn = round.inSandbox() && round.boundary().equals(Round.IN_CALL);
    switch (commandGoesOn ? COMMAND : round.boundary()) {
      case COMMAND -> {
        child.tell(Json.write(round));
        child.await("accepted " + round, 1);
        remember(child, round);
        round.tools().forEach(tool -> awaitCommand(round, tool));
      }
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
        if (round.boundary().equals("REPLIED") || round.asks()) {
          botApi.awaitMessages(sent + runs, PATIENCE);
        }
        if (round.inSandbox()) {
          remember(child, round);
        }
      }
    }
  }

  private void remember(Child child, Round round) {
    homes.put(round.number(), Path.of(child.told("home " + round.number() + " ")));
  }

  /** Brief ones are left to go on for some time, which may be until after their end. */
  private void awaitCommand(Round round, String tool) {
    boolean late = tool.equals("bash_late");
    Path sign = home(round).resolve((late ? "begun-" : "ledger-") + tool);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(sign)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the command did not begin: " + sign);
      }
      LockSupport.parkNanos(1_000_000);
    }
    if (tool.equals("bash_brief")) {
      LockSupport.parkNanos(Duration.ofMillis(20L * round.number()).toNanos());
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

  /** Where the commands of a round ran. */
  Path home(Round round) {
    return Objects.requireNonNull(homes.get(round.number()), "no home of " + round);
  }

  LocalBotApi botApi() {
    return botApi;
  }

  /** What a person was asked by the second node, one line per step. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** What a person allowed on the second node, one line per answer. */
  List<String> allowed() {
    return List.copyOf(allowed);
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
