package dev.rookery.bench;

import dev.rookery.Rookery;
import dev.rookery.agents.NewAgent;
import dev.rookery.bench.Figure.Aim;
import dev.rookery.ops.Settings;
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

/** {@code bench idle}. */
@Command(
    name = "idle",
    description =
        "What 10,000 agents that have nothing to do cost a server: memory and processor time.",
    footer = "  rookery bench idle --json")
final class IdleBench implements Callable<Integer> {
  private static final Aim MEMORY = new Aim.AtMost(100);
  private static final int CALLERS = 64;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  IdleBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    if (options.databaseUrl() != null) {
      throw new Mismatch("bench idle measures the embedded store; leave out --database-url.");
    }
    int agents = options.size(10_000, 100);
    Path empty = options.directory("idle-none");
    Path full = options.directory("idle-many");
    progress.say("making " + agents + " agents");
    make(full, agents);
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> extra = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int i = 1; i <= options.rounds(); i++) {
      Idle none = idle(empty);
      Idle many = idle(full);
      without.add(none.resident());
      with.add(many.resident());
      extra.add(many.resident() - none.resident());
      cpu.add(many.cpuPercent());
      progress.say("round " + i + ": " + none + ", " + many);
    }
    report.add(Figure.of("resident memory, no agents", without, "MiB", null));
    report.add(Figure.of("resident memory, %,d agents".formatted(agents), with, "MiB", null));
    report.add(Figure.of("extra memory of %,d agents".formatted(agents), extra, "MiB", MEMORY));
    report.add(Figure.of("processor, %,d agents".formatted(agents), cpu, "% of one CPU", null));
  }

  private static void make(Path directory, int agents) throws InterruptedException {
    Settings settings =
        new Settings(directory, "127.0.0.1", 0, null, null, BenchEnvironment.of(directory));
    try (Rookery rookery = Rookery.start(settings)) {
      Callers.each(
          CALLERS,
          agents,
          i -> {
            String handle = BenchEnvironment.HANDLE + i;
            rookery
                .house()
                .agents
                .create(rookery.org().id(), new NewAgent(handle, handle, "Answer briefly.", null));
          });
      Mismatch.unlessEqual(
          "agents",
          agents,
          rookery
              .house()
              .database()
              .read(rookery.org().id(), tx -> BenchStore.agents(tx, rookery.org().id())));
    }
  }

  private record Idle(double resident, double cpuPercent) {}

  private Idle idle(Path directory) throws InterruptedException {
    long settle = Duration.ofMillis(options.size(5_000, 100)).toNanos();
    long watch = Duration.ofMillis(options.size(10_000, 200)).toNanos();
    try (ServerProcess server = ServerProcess.start(directory)) {
      LockSupport.parkNanos(settle);
      double before = server.cpuSeconds();
      long start = System.nanoTime();
      LockSupport.parkNanos(watch);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Idle(server.residentMib(), 100 * (server.cpuSeconds() - before) / seconds);
    }
  }
}
