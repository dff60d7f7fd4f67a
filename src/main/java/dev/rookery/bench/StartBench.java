package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench start}. */
@Command(
    name = "start",
    description = {
      "Seconds from `rookery up` on an empty directory to the first good answer of /health/ready.",
      "Also the resident memory of a server that has nothing to do."
    },
    footer = "  rookery bench start --quick")
final class StartBench implements Callable<Integer> {
  private static final Aim COLD = new Aim.AtMost(3);
  private static final Aim CACHED = new Aim.AtMost(1.2);
  private static final Aim MEMORY = new Aim.AtMost(200);
  private static final String READY_COLD = "start to ready, no AOT cache";
  private static final String READY_CACHED = "start to ready, AOT cache";

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  StartBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    if (options.databaseUrl() != null) {
      throw new Mismatch("bench start measures the embedded store; leave out --database-url.");
    }
    List<Double> resident = new ArrayList<>();
    if (Launch.byLauncher()) {
      progress.say("a first start, not counted: it builds and makes the cache if need be");
      start(true, new ArrayList<>());
    }
    List<Double> cold = times(false, resident, progress);
    report.add(Figure.of(READY_COLD, cold, "s", COLD));
    if (Launch.byLauncher()) {
      resident.clear();
      report.add(Figure.of(READY_CACHED, times(true, resident, progress), "s", CACHED));
    } else {
      report.add(
          Figure.notRun(READY_CACHED, "s", CACHED, "the cache is the launcher's: use ./rookery"));
    }
    report.add(Figure.of("resident memory, idle", resident, "MiB", MEMORY));
  }

  private List<Double> times(boolean cached, List<Double> resident, Progress progress)
      throws InterruptedException {
    List<Double> times = new ArrayList<>();
    for (int i = 1; i <= options.rounds(); i++) {
      double time = start(cached, resident);
      times.add(time);
      progress.say("%s: %.2f s".formatted(cached ? READY_CACHED : READY_COLD, time));
    }
    return times;
  }

  private double start(boolean cached, List<Double> resident) throws InterruptedException {
    Path directory = options.directory("start");
    try (ServerProcess server = ServerProcess.of(new Launch(directory, null, cached))) {
      LockSupport.parkNanos(Duration.ofMillis(options.size(5_000, 100)).toNanos());
      resident.add(server.residentMib());
      return server.readyAfter();
    }
  }
}
