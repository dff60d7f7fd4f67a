package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.sandbox.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench cancel}. */
@Command(
    name = "cancel",
    description = {
      "Milliseconds from the request to cancel a run until no tool of it starts any more, and until"
          + " the kernel knows no process of it.",
      "Eight at once, of commands whose children fork twice, open sessions of their own and ignore"
          + " SIGTERM, while other runs call tools one after the other and are cancelled too."
    },
    footer = "  rookery bench cancel --rounds 1")
final class CancelBench implements Callable<Integer> {
  private static final Aim NO_FURTHER_TOOL = new Aim.AtMost(1_000);
  private static final Aim DEAD = new Aim.AtMost(5_000);
  private static final String AIMED = "p99";

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  @Option(
      names = "--cancels",
      paramLabel = "<n>",
      description = "How many commands are cancelled in each round (default: 100).")
  private int cancels = 100;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  CancelBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  /** What one kind of figure is called, and what it has to reach. */
  private record Kind(String name, Aim aim) {
    @Nullable Aim aim(String share) {
      return share.equals(AIMED) ? aim : null;
    }
  }

  private static final Kind TOOLS = new Kind("no further tool", NO_FURTHER_TOOL);
  private static final Kind PROCESSES = new Kind("processes dead", DEAD);

  /** The shares that are shown, with their names. */
  private enum Share {
    P50("p50", 0.5),
    P95("p95", 0.95),
    P99("p99", 0.99),
    MAX("max", 1);

    private final String label;
    private final double part;

    Share(String label, double part) {
      this.label = label;
      this.part = part;
    }
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    var directory = options.directory("cancel");
    var environment = BenchEnvironment.of(directory, CancelScene.SCRIPT);
    try (BenchNode node = BenchNode.start(directory, options.databaseUrl(), environment)) {
      Availability available = node.house().hands.sandboxes.availability();
      if (available.chosen().isEmpty()) {
        notRun(report, TOOLS, available.sentence());
        notRun(report, PROCESSES, available.sentence());
        return;
      }
      progress.say(available.sentence());
      measure(node, report, progress);
    }
  }

  private void measure(BenchNode node, Report report, Progress progress)
      throws InterruptedException {
    List<CancelScene.Times> rounds = new ArrayList<>();
    try (MarkedProcesses processes = new MarkedProcesses()) {
      CancelScene scene = new CancelScene(node, processes);
      for (int round = 1; round <= options.rounds(); round++) {
        CancelScene.Times times = scene.round(options.size(Math.max(1, cancels), 8));
        rounds.add(times);
        progress.say(
            "round %d: %d commands and %d other runs cancelled, dead after p50 %.0f ms"
                .formatted(
                    round,
                    times.dead().count(),
                    times.noFurtherTool().count() - times.dead().count(),
                    times.dead().millis(0.5)));
      }
    }
    String tier = node.house().hands.sandboxes.availability().chosen().orElseThrow().label();
    figures(report, TOOLS, tier, rounds.stream().map(CancelScene.Times::noFurtherTool).toList());
    figures(report, PROCESSES, tier, rounds.stream().map(CancelScene.Times::dead).toList());
  }

  private static void figures(Report report, Kind kind, String tier, List<Latencies> rounds) {
    for (Share share : Share.values()) {
      List<Double> values = rounds.stream().map(round -> round.millis(share.part)).toList();
      String name = kind.name() + " in " + tier + ", " + share.label;
      report.add(Figure.of(name, values, "ms", kind.aim(share.label)));
    }
  }

  private static void notRun(Report report, Kind kind, String why) {
    for (Share share : Share.values()) {
      String name = kind.name() + ", " + share.label;
      report.add(Figure.notRun(name, "ms", kind.aim(share.label), why));
    }
  }
}
