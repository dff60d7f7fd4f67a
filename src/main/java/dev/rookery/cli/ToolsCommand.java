package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tools: what agents can call. */
@Command(
    name = "tools",
    description = "Define HTTP tools and list what agents can call.",
    subcommands = {ToolsCommand.Create.class, ToolsCommand.ListTools.class},
    footer = {"  rookery tools list", "  rookery tools create weather.json"})
final class ToolsCommand {

  /** {@code tools create}. */
  @Command(
      name = "create",
      description = {
        "Define an HTTP tool, from one JSON object as POST /api/v1/tools takes it:",
        "name, description, schema (of the arguments), url, effect_class (pure, keyed,"
            + " reconcilable, unsafe) … A file may hold secret headers; keep it to yourself.",
      },
      footer = {
        "  rookery tools create weather.json",
        "  echo '{\"name\":\"weather\",\"description\":\"Weather of a place\","
            + "\"url\":\"https://example.org/weather\",\"effect_class\":\"pure\","
            + "\"schema\":{\"type\":\"object\"}}' | rookery tools create -",
      })
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<file>", description = "JSON file; - is stdin.")
    private String file = "";

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode body = Json.parse(SecretText.ofFile(context.terminal(), file));
      if (!(body instanceof ObjectNode)) {
        throw CliFailure.usage("The tool in " + file + " is not a JSON object.");
      }
      JsonNode tool = context.api().post(Route.of("tools"), body);
      Output output = context.output();
      output.one(
          tool,
          () -> {
            String name = Glyphs.line(tool.path("name").asText(file));
            output.line("Tool %s is there (%s).".formatted(name, Output.text(tool, "id")));
            output.note("An agent may call it once it has it: --tool %s".formatted(name));
          });
      return Exit.OK;
    }
  }

  /** {@code tools list}. */
  @Command(
      name = "list",
      description = "List built-in and defined tools.",
      footer = {"  rookery tools list", "  rookery tools list --json=name,effect_class"})
  static final class ListTools implements Callable<Integer> {
    private final Context context;

    ListTools(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("tools"));
      context
          .output()
          .list(
              page,
              List.of(
                  Column.field("NAME", "name"),
                  Column.field("ID", "id"),
                  Column.field("EFFECT", "effect_class"),
                  Column.field("ENABLED", "enabled"),
                  Column.field("DESCRIPTION", "description")));
      return Exit.OK;
    }
  }
}
