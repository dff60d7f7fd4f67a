package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.SteadyClock;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench workers}. */
@Command(
    name = "workers",
    description = {
      "1,000 workers of 125 runs, while the server is killed again and again with SIGKILL.",
      "Each result must reach its parent, and none twice. Four of five runs wait for their workers;"
          + " the others go on, and are told later. A part of the runs is asked after each start."
    },
    footer = "  rookery bench workers --kills 20")
final class WorkersBench implements Callable<Integer> {
  private static final int AGENTS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration GLANCE = Duration.ofMillis(50);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  @Option(
      names = "--kills",
      paramLabel = "<n>",
      description = "How often the server is killed (default: 10).")
  private int kills = 10;

  private final Random random = new Random();

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  WorkersBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    int parents = options.size(125, 5);
    Path directory = options.directory("workers");
    String url = options.databaseUrl();
    Launch launch = new Launch(directory, url, true);
    ServerProcess server = ServerProcess.of(launch);
    try (Database reader = open(directory, url)) {
      hire(server);
      long start = System.nanoTime();
      int most = options.size(Math.max(0, kills), 1);
      for (int killed = 0; killed < most; killed++) {
        ask(server, parents * killed / (most + 1), parents * (killed + 1) / (most + 1));
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_200)).toNanos());
        server.kill();
        progress.say("killed, %d workers are over".formatted(over(reader)));
        server = ServerProcess.of(launch);
      }
      ask(server, parents * most / (most + 1), parents);
      awaitDone(reader, parents);
      double seconds = (System.nanoTime() - start) / 1e9;
      check(reader, parents);
      add(report, reader, parents, new Played(most, seconds));
    } finally {
      server.close();
    }
  }

  private record Played(int killed, double seconds) {}

  private static Database open(Path directory, @Nullable String url) {
    return url == null
        ? Databases.sqlite(directory.resolve("rookery.db"), new SteadyClock())
        : BenchEnvironment.postgres(url);
  }

  private static void hire(ServerProcess server) throws InterruptedException {
    for (int i = 0; i < AGENTS; i++) {
      String handle = BenchEnvironment.HANDLE + i;
      server.post(
          "/api/v1/agents",
          Json.object().put("handle", handle).put("name", handle).put("instructions", "Be brief."));
      server.post(
          "/api/v1/agents/" + handle + "/rules",
          Json.object().put("rule", "*").put("verdict", "allow"));
    }
  }

  private static boolean waits(int number) {
    return number % 5 != 4;
  }

  private static void ask(ServerProcess server, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      server.post(
          "/api/v1/agents/" + BenchEnvironment.HANDLE + i % AGENTS + "/messages",
          Json.object()
              .put("conversation", "api:bench-" + i)
              .put("text", waits(i) ? "Delegate and wait." : "Delegate and go on."));
    }
  }

  private static long over(Database reader) {
    BenchStore.Homecomings now = BenchStore.homecomings(reader);
    return now.all() - now.active();
  }

  private static boolean done(Database reader, int parents) {
    BenchStore.Homecomings now = BenchStore.homecomings(reader);
    return now.all() == (long) parents * BenchEnvironment.WORKERS
        && now.active() == 0
        && now.openRuns() == 0
        && BenchStore.undispatchedOfAll(reader) == 0;
  }

  private static void awaitDone(Database reader, int parents) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done(reader, parents)) {
      if (System.nanoTime() > deadline) {
        throw new Mismatch("Workers are not over: " + BenchStore.homecomings(reader));
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  /** Each worker once, each result once. */
  private static void check(Database reader, int parents) {
    BenchStore.Homecomings home = BenchStore.homecomings(reader);
    long waiting = 0;
    for (int i = 0; i < parents; i++) {
      waiting += waits(i) ? 1 : 0;
    }
    long all = (long) parents * BenchEnvironment.WORKERS;
    long awaited = waiting * BenchEnvironment.WORKERS;
    Mismatch.unlessEqual("ends of workers in the journal", all, home.ends());
    Mismatch.unlessEqual("results that a waiting step took", awaited, home.toSteps());
    Mismatch.unlessEqual("results that came as events", all - awaited, home.events());
    Mismatch.unlessEqual("lines that these became", all - awaited, home.inputs());
    Mismatch.unlessEqual("answered delegations", parents, BenchStore.answeredDelegations(reader));
  }

  private static void add(Report report, Database reader, int parents, Played played) {
    int workers = parents * BenchEnvironment.WORKERS;
    BenchStore.Homecomings home = BenchStore.homecomings(reader);
    double came = home.toSteps() + home.inputs();
    Latencies times = new Latencies();
    BenchStore.workerTimes(reader).forEach(millis -> times.add(millis * 1_000_000));
    List<Figure> figures = new ArrayList<>();
    String of = "of %,d workers".formatted(workers);
    figures.add(figure("came home, " + of, came, "", new Aim.AtLeast(workers)));
    figures.add(figure("came home twice", Math.max(0, came - workers), "", new Aim.AtMost(0)));
    figures.add(figure("times the server was killed", played.killed(), "", null));
    figures.add(figure("from the first request to the last result", played.seconds(), "s", null));
    figures.add(figure("start to end of a worker, p50", times.millis(0.5), "ms", null));
    figures.add(figure("start to end of a worker, p95", times.millis(0.95), "ms", null));
    figures.add(figure("start to end of a worker, max", times.millis(1), "ms", null));
    figures.forEach(report::add);
  }

  private static Figure figure(String name, double value, String unit, @Nullable Aim aim) {
    return Figure.of(name, List.of(value), unit, aim);
  }
}
