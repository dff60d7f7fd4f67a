package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.kernel.SteadyClock;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench ingest}. */
@Command(
    name = "ingest",
    description = {
      "Webhooks accepted per second over HTTP, next to raw commits of the same database.",
      "At 1, 16 and 128 connections (threads); each is durable before it is answered. No agent",
      "listens; dispatch runs all the while."
    },
    footer = "  rookery bench ingest --json")
final class IngestBench implements Callable<Integer> {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 128);
  private static final Aim RATIO = new Aim.AtLeast(0.5);
  private static final Aim P99 = new Aim.AtMost(25);
  private static final int CALM = 200;
  private static final int CALM_CONNECTIONS = 16;
  private static final Duration BACKLOG = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  IngestBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    Path directory = options.directory("ingest");
    String url = options.databaseUrl();
    try (LocalBotApi api = LocalBotApi.start();
        ServerProcess server = ServerProcess.of(new Launch(directory, url, true));
        RawCommits raw = new RawCommits(open(directory, url));
        Database reader = open(directory, url)) {
      Bot bot = Bot.connect(server, api, false);
      Site site = new Site(bot, raw, reader, BenchStore.eventsOfAll(reader));
      progress.say("warming up");
      rounds(site, progress, true);
      Map<String, List<Double>> found = rounds(site, progress, false);
      Mismatch.unlessEqual(
          "events", site.accepted(), BenchStore.eventsOfAll(reader) - site.before());
      add(report, found);
    }
  }

  private static Database open(Path directory, @Nullable String url) {
    return url == null
        ? Databases.sqlite(directory.resolve("rookery.db"), new SteadyClock())
        : BenchEnvironment.postgres(url);
  }

  /** What is measured, and how many requests it has taken. */
  private record Site(Bot bot, RawCommits raw, Database reader, long before) {
    long accepted() {
      return bot.sent();
    }
  }

  private Map<String, List<Double>> rounds(Site site, Progress progress, boolean warmUp)
      throws InterruptedException {
    Map<String, List<Double>> found = new LinkedHashMap<>();
    int rounds = warmUp ? 1 : options.rounds();
    Duration time = Duration.ofMillis(options.size(warmUp ? 4_000 : 3_000, 150));
    for (int i = 1; i <= rounds; i++) {
      for (int connections : CONNECTIONS) {
        flatOut(site, connections, time, found);
      }
      calm(site, time, found);
      progress.say("round " + i + " of " + rounds + (warmUp ? " (not counted)" : ""));
    }
    return found;
  }

  private static void flatOut(
      Site site, int connections, Duration time, Map<String, List<Double>> found)
      throws InterruptedException {
    WebhookClient.Load load;
    try (WebhookClient client = new WebhookClient(site.bot(), connections)) {
      load = client.flatOut(time);
    }
    awaitDispatch(site);
    double raw = site.raw().perSecond(connections, time);
    note(found, "accepted at %d".formatted(connections), load.perSecond());
    note(found, "raw commits at %d".formatted(connections), raw);
    note(found, "accepted to raw at %d".formatted(connections), load.perSecond() / raw);
    note(found, "accept p50 at %d".formatted(connections), load.latencies().millis(0.5));
    note(found, "accept p99 at %d".formatted(connections), load.latencies().millis(0.99));
  }

  private static void calm(Site site, Duration time, Map<String, List<Double>> found) {
    try (WebhookClient client = new WebhookClient(site.bot(), CALM_CONNECTIONS)) {
      WebhookClient.Load load = client.paced(CALM, time);
      note(found, "accept p50 at 200/s", load.latencies().millis(0.5));
      note(found, "accept p99 at 200/s", load.latencies().millis(0.99));
    }
  }

  private static void note(Map<String, List<Double>> found, String name, double value) {
    found.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  /** What is behind must not slow what is measured next. */
  private static void awaitDispatch(Site site) {
    long deadline = System.nanoTime() + BACKLOG.toNanos();
    while (BenchStore.undispatchedOfAll(site.reader()) > 0) {
      if (System.nanoTime() > deadline) {
        throw new Mismatch("Events are not dispatched after " + BACKLOG.toMinutes() + " min.");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static void add(Report report, Map<String, List<Double>> found) {
    found.forEach(
        (name, rounds) -> {
          Aim aim =
              name.equals("accepted to raw at 128")
                  ? RATIO
                  : name.equals("accept p99 at 200/s") ? P99 : null;
          String unit =
              name.startsWith("accept p") ? "ms" : name.startsWith("accepted to") ? "ratio" : "/s";
          report.add(Figure.of(name, rounds, unit, aim));
        });
  }
}
