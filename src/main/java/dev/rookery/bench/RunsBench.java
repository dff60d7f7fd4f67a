package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench runs}. */
@Command(
    name = "runs",
    description = {
      "Runs per second: model, tool, model and reply, each step journaled, scripted.",
      "Calls come in through the inbox; the clock stops when every run is over."
    },
    footer = "  rookery bench runs --database-url jdbc:postgresql://127.0.0.1/bench")
final class RunsBench implements Callable<Integer> {
  private static final Aim SQLITE = new Aim.AtLeast(300);
  private static final Aim POSTGRES = new Aim.AtLeast(1_000);
  private static final int CALLERS = 8;
  private static final int STEPS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String UNIT = "runs/s";

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  RunsBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    report.add(figure("runs on SQLite", null, SQLITE, progress));
    String url = options.databaseUrl();
    report.add(
        url == null
            ? Figure.notRun(
                "runs on PostgreSQL", UNIT, POSTGRES, "needs --database-url of an empty database")
            : figure("runs on PostgreSQL", url, POSTGRES, progress));
  }

  private Figure figure(String name, @Nullable String url, Aim aim, Progress progress)
      throws InterruptedException {
    List<Double> perSecond = new ArrayList<>();
    try (BenchNode node = BenchNode.start(options.directory("runs"), url)) {
      int runs = options.size(2_000, 40);
      progress.say(name + ": warming up");
      round(node, options.size(1_000, 10));
      for (int i = 1; i <= options.rounds(); i++) {
        double result = round(node, runs);
        perSecond.add(result);
        progress.say("%s: round %d, %.0f per second".formatted(name, i, result));
      }
    }
    return Figure.of(name, perSecond, UNIT, aim);
  }

  /** Runs per second of this many calls, from the first call to the end of the last run. */
  private static double round(BenchNode node, int runs) throws InterruptedException {
    awaitEnd(node);
    Counts before = Counts.of(node);
    String nonce = Long.toString(System.nanoTime(), 36);
    long start = System.nanoTime();
    Callers.each(CALLERS, runs, i -> node.call("api:bench-" + nonce + "-" + i, i));
    awaitEnd(node);
    double seconds = (System.nanoTime() - start) / 1e9;
    Counts after = Counts.of(node);
    Mismatch.unlessEqual("events", runs, after.events() - before.events());
    Mismatch.unlessEqual("finished runs", runs, after.done() - before.done());
    Mismatch.unlessEqual("finished steps", (long) STEPS * runs, after.steps() - before.steps());
    Mismatch.unlessEqual("replies", runs, after.replies() - before.replies());
    return runs / seconds;
  }

  /** Also before a round: a bench that was cut short may have left runs in its database. */
  private static void awaitEnd(BenchNode node) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (open(node) > 0) {
      if (System.nanoTime() > deadline) {
        throw new Mismatch(
            open(node) + " runs or events are not over after " + PATIENCE.toMinutes() + " min.");
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static long open(BenchNode node) {
    return node.house()
        .database()
        .read(
            node.org(),
            tx -> BenchStore.undispatched(tx, node.org()) + BenchStore.openRuns(tx, node.org()));
  }

  private record Counts(long events, long done, long steps, long replies) {
    static Counts of(BenchNode node) {
      return node.house()
          .database()
          .read(
              node.org(),
              tx ->
                  new Counts(
                      BenchStore.events(tx, node.org()),
                      BenchStore.doneRuns(tx, node.org()),
                      BenchStore.doneSteps(tx, node.org()),
                      BenchStore.replies(tx, node.org())));
    }
  }
}
