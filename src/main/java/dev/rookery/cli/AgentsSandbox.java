package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code agents sandbox}. */
@Command(
    name = "sandbox",
    description = "Show where commands of an agent run, and what was found of its sandbox last.",
    footer = {"  rookery agents sandbox rook", "  rookery agents sandbox rook --json=tier,home"})
final class AgentsSandbox implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<agent>", description = "Handle or id.")
  private String agent = "";

  AgentsSandbox(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode sandbox = context.api().get(Route.of("agents/{}/sandbox", agent));
    Output output = context.output();
    output.one(sandbox, () -> print(output, sandbox));
    return Exit.OK;
  }

  private static void print(Output output, JsonNode sandbox) {
    JsonNode home = sandbox.path("home");
    output.facts(
        List.of(
            new String[] {"agent", Output.text(sandbox, "agent")},
            new String[] {"tier", Output.text(sandbox, "tier")},
            new String[] {"commands", Output.text(sandbox, "sentence")},
            new String[] {
              "home",
              "%,d of %,d bytes".formatted(home.path("used").asLong(), home.path("quota").asLong())
            },
            new String[] {"background tasks", Output.text(sandbox, "running_tasks")},
            new String[] {"found last", Output.text(sandbox, "attestation")}));
  }
}
