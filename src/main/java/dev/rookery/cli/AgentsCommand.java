package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Agents: who answers. */
@Command(
    name = "agents",
    description = "Make agents and look at them.",
    subcommands = {
      AgentsCommand.Create.class,
      AgentsCommand.ListAgents.class,
      AgentsCommand.Show.class,
      AgentsWhy.class,
      AgentsSandbox.class
    },
    footer = {
      "  rookery agents create rook --instructions 'Answer briefly.'",
      "  rookery agents list",
      "  rookery agents show rook",
      "  rookery agents why rook",
    })
final class AgentsCommand {

  /** {@code agents create}. */
  @Command(
      name = "create",
      description = "Make an agent. It can be written to at once.",
      footer = {
        "  rookery agents create rook --instructions 'Answer briefly.'",
        "  rookery agents create clerk --name 'The Clerk' --instructions-file clerk.md \\",
        "      --model anthropic/claude-sonnet-4-5 --tool current_time",
      })
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(
        paramLabel = "<handle>",
        description = "Short name for mentions and commands: a-z, 0-9 and -.")
    private String handle = "";

    @Option(names = "--name", paramLabel = "<name>", description = "Name for people.")
    private @Nullable String name;

    @Option(
        names = "--instructions",
        paramLabel = "<text>",
        description = "What it is and how it behaves.")
    private @Nullable String instructions;

    @Option(
        names = "--instructions-file",
        paramLabel = "<file>",
        description = "The same from a file; - is stdin.")
    private @Nullable String instructionsFile;

    @Option(
        names = "--model",
        paramLabel = "<provider/model>",
        description = "Its own model, such as openai/gpt-5 or scripted (default: the server's).")
    private @Nullable String model;

    @Option(
        names = "--tool",
        paramLabel = "<tool>",
        description = "A tool that it may call; repeat for more.")
    private List<String> tools = new ArrayList<>();

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (instructions != null && instructionsFile != null) {
        throw CliFailure.usage("Give --instructions or --instructions-file, not both.");
      }
      String text =
          instructionsFile == null
              ? instructions
              : SecretText.ofFile(context.terminal(), instructionsFile);
      ObjectNode body = Json.object().put("handle", handle);
      putIfGiven(body, "name", name);
      putIfGiven(body, "instructions", text);
      putIfGiven(body, "model", model);
      if (!tools.isEmpty()) {
        ArrayNode names = body.putArray("tools");
        tools.forEach(names::add);
      }
      JsonNode agent = context.api().post(Route.of("agents"), body);
      Output output = context.output();
      output.one(
          agent,
          () -> {
            details(output, agent);
            output.note("Write to it with: %s chat %s".formatted(Program.name(), handle));
          });
      return Exit.OK;
    }

    private static void putIfGiven(ObjectNode body, String field, @Nullable String value) {
      if (value != null) {
        body.put(field, value);
      }
    }
  }

  /** {@code agents list}. */
  @Command(
      name = "list",
      description = "List agents.",
      footer = {"  rookery agents list", "  rookery agents list --json=handle,model"})
  static final class ListAgents implements Callable<Integer> {
    private final Context context;
    @Mixin private Listing listing = new Listing();

    ListAgents(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(listing.page(Route.of("agents")));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("HANDLE", "handle"),
              Column.field("ID", "id"),
              Column.field("ENABLED", "enabled"),
              Column.field("MODEL", "model"),
              output.since("CREATED", "created_at"),
              Column.field("NAME", "name")));
      return Exit.OK;
    }
  }

  /** {@code agents show}. */
  @Command(
      name = "show",
      description = "Show an agent and what wakes it.",
      footer = {"  rookery agents show rook", "  rookery agents show rook --json=instructions"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode found = context.api().get(Route.of("agents/{}", agent));
      Output output = context.output();
      output.one(found, () -> print(output, found));
      return Exit.OK;
    }

    private void print(Output output, JsonNode found) {
      details(output, found);
      String instructions = found.path("instructions").asText("");
      if (!instructions.isBlank()) {
        output.heading("Instructions");
        output.line(Glyphs.harmless(instructions).strip());
      }
      JsonNode policies =
          context.api().get(Route.of("agents/{}/policies", found.path("id").asText(agent)));
      output.heading("Wakes on");
      output.table(
          policies.path("items"),
          List.of(
              Column.field("POLICY", "id"),
              Column.field("ENABLED", "enabled"),
              Column.field("TRIGGER", "trigger"),
              Column.field("NAME", "name")));
    }
  }

  private static void details(Output output, JsonNode agent) {
    output.facts(
        List.of(
            new String[] {"handle", Output.text(agent, "handle")},
            new String[] {"id", Output.text(agent, "id")},
            new String[] {"name", Output.text(agent, "name")},
            new String[] {"model", Output.text(agent, "model")},
            new String[] {"enabled", Output.text(agent, "enabled")},
            new String[] {"tools", Output.text(agent, "tools")},
            new String[] {"created", output.ago(agent.path("created_at").asText(""))},
            new String[] {"updated", output.ago(agent.path("updated_at").asText(""))}));
  }
}
