package dev.rookery.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code runs export}. */
@Command(
    name = "export",
    description =
        "Give out everything of a run as one JSON document; values of secrets are hidden.",
    footer = {
      "  rookery runs export run_… -o run.json",
      "  rookery runs export run_… --json=journal"
    })
final class RunsExport implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<run>", description = "Id of the run.")
  private String id = "";

  @Mixin private OutputFile destination = new OutputFile();

  RunsExport(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Route route = Route.of("runs/{}/export", id);
    if (destination.file() == null && context.output().forPrograms()) {
      context.output().one(context.api().get(route), () -> {});
    } else {
      destination.write(context, context.api().download(route));
    }
    return Exit.OK;
  }
}
