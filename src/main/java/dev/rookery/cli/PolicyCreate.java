package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policies create}. */
@Command(
    name = "create",
    description = {
      "Give an agent one more thing that wakes it: one of --mention, --ambient, --always, --manual,",
      "--webhook, --event, --every, --cron, --daily and --once, or a whole policy --from-file.",
    },
    footer = {
      "  rookery policies create rook --daily 09:00 --zone Europe/Berlin --prompt 'Plan the day.'",
      "  rookery policies create rook --name prs --event pull-requests.json",
      "  rookery policies create rook --name deploys --webhook --prompt 'A deploy ended.'",
      "  rookery policies create rook --from-file policy.json",
    })
class PolicyCreate implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "<agent>", description = "Handle or id.")
  private String agent = "";

  @Option(
      names = "--name",
      paramLabel = "<name>",
      description = "For people; what it wakes on if not given.")
  private @Nullable String name;

  @Option(
      names = "--from-file",
      paramLabel = "<file>",
      description = "The JSON object of POST /api/v1/agents/{id}/policies; - is stdin.")
  private @Nullable String file;

  @Mixin private WakeOptions wake = new WakeOptions();
  @Mixin private MeetOptions meet = new MeetOptions();

  PolicyCreate(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ObjectNode given = wake.body(context.terminal());
    meet.into(given);
    if (file != null && !given.isEmpty()) {
      throw CliFailure.usage("--from-file holds the whole policy; give options or a file.");
    }
    ObjectNode body =
        file == null ? given : (ObjectNode) WakeOptions.json(context.terminal(), file);
    if (name != null) {
      body.put("name", name);
    }
    if (!body.has("trigger")) {
      throw CliFailure.usage(
          "Say what wakes the agent, such as --mention, --every 1h or --cron '0 9 * * *'.");
    }
    if (!body.has("name")) {
      body.put("name", PolicyPage.when(body));
    }
    JsonNode policy = context.api().post(Route.of("agents/{}/policies", agent), body);
    Output output = context.output();
    output.one(
        policy,
        () -> {
          PolicyPage.print(output, policy);
          if (policy.path("hook").isObject()) {
            HookCommands.issued(context, policy.path("hook"));
          }
        });
    return Exit.OK;
  }
}
