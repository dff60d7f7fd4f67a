package dev.rookery.crash;

import dev.rookery.crash.Plan.Round;
import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database that lives through one crash after another. Each child takes up what the last one
 * left, then is killed in work of its own; the last one ends in order.
 */
final class CrashChain implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SCRIPT =
      """
        - when: {user_text: {contains: "use %1$s in"}}
          then: {tool_calls: [{tool: %1$s, arguments: {note: "{{last_user_text}}"}}]}
      """;
  private static final String LAST_RULE =
      """
        - then: {text: "Done: {{last_user_text}}"}
      """;

  private final Path dir;
  private final TestDatabases.@Nullable Server server;
  private final LocalBotApi botApi = LocalBotApi.start();
  private final EffectLedger tools = new EffectLedger();
  private final Map<Integer, List<String>> askedAfter = new HashMap<>();

  /**
   * @param server null for SQLite
   */
  CrashChain(TestDatabases.@Nullable Server server) {
    this.server = server;
    try {
      this.dir = Files.createTempDirectory("rookery-crash-");
      StringBuilder script = new StringBuilder("version: 1\nrules:\n");
      CrashedNode.TOOLS.forEach(tool -> script.append(SCRIPT.formatted(tool)));
      Files.writeString(dir.resolve("script.yaml"), script.append(LAST_RULE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Crashes once per round, then lets a last child bring everything to its end. */
  void run(List<Round> rounds) {
    @Nullable Round before = null;
    for (Round round : rounds) {
      try (Child child = Child.start(plan(round))) {
        awaitCrashPoint(child, round);
        child.kill();
        remember(before, child);
        tools.mute(false);
        botApi.clearFaults();
        before = round;
      }
      expireLeases();
    }
    try (Child child = Child.start(plan(null))) {
      child.awaitEnd();
      remember(before, child);
    }
  }

  private void awaitCrashPoint(Child child, Round round) {
    child.await("settled", 1);
    switch (round.boundary()) {
      case Round.IN_CALL -> {
        int before = tools.count();
        tools.mute(true);
        tools.await(before + round.tools().size(), PATIENCE);
      }
      case Round.SENDING -> {
        int before = botApi.calls("sendMessage").size();
        botApi.fault("sendMessage", Fault.stallAfter());
        botApi.fault("sendMessage", Fault.stallBefore());
        botApi.awaitCalls("sendMessage", before + round.tools().size(), PATIENCE);
      }
      default -> child.await("blocked", round.tools().size());
    }
  }

  private void remember(@Nullable Round round, Child child) {
    if (round != null) {
      askedAfter.put(
          round.number(), child.said().stream().filter(l -> l.startsWith("asked ")).toList());
    }
  }

  private Plan plan(@Nullable Round round) {
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
        new Plan.World(botApi.baseUrl().toString(), tools.url()),
        round);
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
        : TestDatabases.existingSqlite(dir.resolve("data").resolve("rookery.db"));
  }

  EffectLedger tools() {
    return tools;
  }

  LocalBotApi botApi() {
    return botApi;
  }

  /** Lines of what a person was asked when this round was taken up. */
  List<String> askedAfter(Round round) {
    return new ArrayList<>(askedAfter.getOrDefault(round.number(), List.of()));
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
