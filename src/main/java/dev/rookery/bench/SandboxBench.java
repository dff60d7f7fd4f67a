package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.Command.Argv;
import dev.rookery.sandbox.Exec;
import dev.rookery.sandbox.Outcome;
import dev.rookery.sandbox.OutputSink;
import dev.rookery.sandbox.Sandbox;
import dev.rookery.sandbox.SandboxSettings;
import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.Sandboxes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench sandbox}. */
@Command(
    name = "sandbox",
    description = {
      "Milliseconds to run `true`: as a plain process, in bubblewrap, under Landlock.",
      "One after the other and eight at once; from the call to the end of all that was started."
    },
    footer = "  rookery bench sandbox --quick")
final class SandboxBench implements Callable<Integer> {
  private static final Aim QUIET = new Aim.AtMost(10);
  private static final Aim LOADED = new Aim.AtMost(50);
  private static final List<Integer> AT_ONCE = List.of(1, 8);
  private static final int FIRST_USER = 200_000;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  SandboxBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  /** Runs {@code true} once and returns when it is over. */
  private interface One {
    void run();
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    if (options.databaseUrl() != null) {
      throw new Mismatch("bench sandbox uses no database; leave out --database-url.");
    }
    figures(new Kind("plain process", false), SandboxBench::fork, report, progress);
    tier(new Kind("bubblewrap", true), Mode.BWRAP, report, progress);
    tier(new Kind("landlock", true), Mode.LANDLOCK, report, progress);
  }

  /**
   * What is measured.
   *
   * @param aimed whether it has to reach something
   */
  private record Kind(String name, boolean aimed) {
    String figure(String share, int atOnce) {
      return name + ", " + share + (atOnce == 1 ? "" : ", " + atOnce + " at once");
    }

    @Nullable Aim aim(String share, int atOnce) {
      return !aimed || !share.equals("p50") ? null : atOnce == 1 ? QUIET : LOADED;
    }
  }

  private void tier(Kind kind, Mode mode, Report report, Progress progress)
      throws InterruptedException {
    Path directory = options.directory("sandbox");
    SandboxSettings settings = new SandboxSettings(directory, mode, FIRST_USER, 8);
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 1)) {
      if (sandboxes.availability().chosen().isEmpty()) {
        String why = sandboxes.availability().sentence();
        report.add(Figure.notRun(kind.figure("p50", 1), "ms", QUIET, why));
        return;
      }
      Sandbox sandbox = sandboxes.ensure(OrgId.next(), AgentId.next());
      Exec exec = Exec.of(new Argv(List.of("true")));
      figures(
          kind,
          () -> {
            Outcome outcome = sandbox.exec(exec, OutputSink.NOWHERE, Cancellation.NEVER);
            if (!outcome.equals(new Outcome.Exit(0))) {
              throw new Mismatch("true ended with " + outcome + " in " + kind.name() + ".");
            }
          },
          report,
          progress);
    }
  }

  private static void fork() {
    ProcessBuilder builder = new ProcessBuilder("true");
    builder.environment().clear();
    try {
      int code = builder.start().waitFor();
      Mismatch.unlessEqual("exit codes", 0, code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Mismatch("The measurement was interrupted.");
    } catch (IOException e) {
      throw new UncheckedIOException("true cannot be started: " + e.getMessage(), e);
    }
  }

  private void figures(Kind kind, One one, Report report, Progress progress)
      throws InterruptedException {
    take(one, options.size(50, 3), 1);
    for (int atOnce : AT_ONCE) {
      List<Latencies> rounds = new ArrayList<>();
      for (int round = 1; round <= options.rounds(); round++) {
        Latencies times = take(one, options.size(200, 8), atOnce);
        rounds.add(times);
        progress.say(
            "%s, %d at once: p50 %.1f ms".formatted(kind.name(), atOnce, times.millis(0.5)));
      }
      for (int percent : List.of(50, 95, 99)) {
        String share = "p" + percent;
        List<Double> values = rounds.stream().map(r -> r.millis(percent / 100.0)).toList();
        report.add(Figure.of(kind.figure(share, atOnce), values, "ms", kind.aim(share, atOnce)));
      }
    }
  }

  private static Latencies take(One one, int count, int atOnce) throws InterruptedException {
    Latencies times = new Latencies();
    Callers.each(
        atOnce,
        count,
        _ -> {
          long start = System.nanoTime();
          one.run();
          long time = System.nanoTime() - start;
          synchronized (times) {
            times.add(time);
          }
        });
    return times;
  }
}
