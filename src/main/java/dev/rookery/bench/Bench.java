package dev.rookery.bench;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.StorageUnavailable;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The frame around each bench: measures, prints, cleans up, and ends with the exit code. */
final class Bench {
  private static final int OK = 0;
  private static final int FAILED = 1;

  private final CommandSpec command;
  private final BenchOptions options;
  private final Progress progress;

  Bench(CommandSpec command, BenchOptions options) {
    this.command = command;
    this.options = options;
    this.progress = Progress.to(command.commandLine().getErr());
  }

  /** What a bench does: adds its figures to the report. */
  interface Work {
    void measure(Report report, Progress progress) throws InterruptedException;
  }

  /** A missed aim is a result, so it ends with 0; what is not counted right ends with 1. */
  int run(Work work) {
    PrintWriter err = command.commandLine().getErr();
    try {
      Report report = new Report(command.name(), Hardware.here(options.directory("machine")));
      work.measure(report, progress);
      print(report);
      return OK;
    } catch (Mismatch | Refusal | StorageUnavailable e) {
      err.println("bench " + command.name() + " failed: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("bench " + command.name() + " was interrupted.");
      return FAILED;
    } finally {
      options.clear();
      err.flush();
    }
  }

  private void print(Report report) {
    PrintWriter out = command.commandLine().getOut();
    if (wantsJson()) {
      out.println(Json.write(report.json()));
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
  }

  /** {@code --json} belongs to the program that offers this command, and is inherited from it. */
  private boolean wantsJson() {
    for (CommandSpec spec = command; spec != null; spec = spec.parent()) {
      OptionSpec json = spec.findOption("--json");
      Object value = json == null ? null : json.getValue();
      if (value != null && !value.equals(false)) {
        return true;
      }
    }
    return false;
  }
}
