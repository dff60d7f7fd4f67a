package dev.rookery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.demo.SampleUpdates;
import dev.rookery.inbox.Inbox;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.ops.Settings;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A whole node in this process over a temporary directory, with a bot at a local Bot API. */
public final class TestNode implements AutoCloseable {
  public static final String SECRET = "hook-secret-1";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path dir;
  private final @Nullable String databaseUrl;
  private final Map<String, String> env;
  private final Rookery.Extras extras;
  private final LocalBotApi botApi = LocalBotApi.start();
  private final SampleUpdates updates =
      new SampleUpdates(botApi.bot(), InstantSource.system(), 1_000);
  private Rookery rookery;

  private TestNode(@Nullable String databaseUrl, Map<String, String> env, Rookery.Extras extras) {
    try {
      this.dir = Files.createTempDirectory("rookery-node");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.databaseUrl = databaseUrl;
    this.env = new HashMap<>(env);
    this.extras = extras;
    this.rookery = start();
  }

  /** A node whose model follows a script. */
  public static TestNode scripted(String yaml) {
    return scripted(yaml, null, Rookery.Extras.NONE);
  }

  public static TestNode scripted(
      String yaml, @Nullable String databaseUrl, Rookery.Extras extras) {
    try {
      Path script = Files.createTempFile("script", ".yaml");
      script.toFile().deleteOnExit();
      Files.writeString(script, yaml);
      return new TestNode(databaseUrl, Map.of("ROOKERY_SCRIPT", script.toString()), extras);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Rookery start() {
    return Rookery.start(new Settings(dir, "127.0.0.1", 0, databaseUrl, null, env), extras);
  }

  /** Stops in order and starts again over the same data. */
  public void restart() {
    rookery.close();
    rookery = start();
  }

  public House house() {
    return rookery.house();
  }

  public Rookery rookery() {
    return rookery;
  }

  public OrgId org() {
    return rookery.org().id();
  }

  public Path dir() {
    return dir;
  }

  public LocalBotApi botApi() {
    return botApi;
  }

  public SampleUpdates updates() {
    return updates;
  }

  public Agent agent(String handle) {
    return house().agents.create(org(), new NewAgent(handle, handle, "You are helpful.", null));
  }

  public Integration bot(Agent... agents) {
    return bot(Json.object(), agents);
  }

  public Integration bot(ObjectNode config, Agent... agents) {
    config
        .put("base_url", botApi.baseUrl().toString())
        .put("bot_username", botApi.bot().username())
        .put("bot_id", botApi.bot().id());
    return house()
        .integrations
        .create(
            org(),
            new NewIntegration(
                "telegram",
                "bot",
                config,
                Map.of("bot_token", botApi.bot().token(), "webhook_secret", SECRET),
                Arrays.stream(agents).map(Agent::id).toList()));
  }

  /** As a webhook delivery with the right secret. */
  public Inbox.Answer deliver(Integration bot, JsonNode update) {
    return deliver(
        bot,
        Json.write(update).getBytes(StandardCharsets.UTF_8),
        Map.of("x-telegram-bot-api-secret-token", List.of(SECRET)));
  }

  public Inbox.Answer deliver(Integration bot, byte[] body, Map<String, List<String>> headers) {
    return house()
        .inbox
        .deliver(bot, house().receivers.of("telegram").orElseThrow(), body, headers);
  }

  /** Waits for the journal to hold an entry like this; fails with what it holds instead. */
  public JournalRecord await(Predicate<JournalRecord> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long seen = 0;
    while (System.nanoTime() < deadline) {
      for (JournalRecord one : next(seen)) {
        seen = one.seq();
        if (wanted.test(one)) {
          return one;
        }
      }
    }
    throw new AssertionError("the journal does not hold it: " + journal());
  }

  private List<JournalRecord> next(long seen) {
    try {
      return house().journal.await(org(), seen, 100, Duration.ofMillis(500));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public List<JournalRecord> journal() {
    return house().journal.after(org(), 0, 10_000);
  }

  public long journaled(String kind) {
    return journal().stream().filter(r -> r.entry().kind().equals(kind)).count();
  }

  /** Waits until a run is over. */
  public Run over(RunId run) {
    await(r -> r.entry().kind().equals("run.finished") && r.entry().subject().equals(run.value()));
    return house().runs.find(org(), run);
  }

  public Run onlyRun() {
    List<Run> runs = runs(null);
    if (runs.size() != 1) {
      throw new AssertionError("expected one run, there are " + runs);
    }
    return runs.getFirst();
  }

  public List<Run> runs(@Nullable RunState state) {
    return house().runs.list(org(), new Runs.Query(state, null, null, 200));
  }

  @Override
  public void close() {
    rookery.close();
    botApi.close();
    TestDatabases.deleteDirectory(dir);
  }
}
