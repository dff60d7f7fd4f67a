package dev.rookery.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: measures this installation on this machine, on temporary data. */
@Command(
    name = "bench",
    description = "Measures speed and memory on this machine, on temporary data.",
    subcommands = {
      IngestBench.class,
      RunsBench.class,
      TurnBench.class,
      StartBench.class,
      IdleBench.class,
      BudgetBench.class,
      PolicyBench.class,
      SandboxBench.class,
      CancelBench.class,
      SchedulesBench.class,
      StreamsBench.class,
      WorkersBench.class,
      ApiBench.class,
      AuditBench.class
    },
    footer = {
      "  rookery bench ingest              webhooks accepted per second",
      "  rookery bench runs --json         runs per second, as one JSON object",
      "  rookery bench turn --quick        a smoke test; its figures mean little",
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  public BenchCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say what to measure: ingest, runs, turn, start, idle, budget, policy, sandbox, cancel, schedules, streams, workers, api or audit.");
  }
}
