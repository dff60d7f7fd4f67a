package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prices: what calls cost. */
@Command(
    name = "prices",
    description = "List and set what models and tools cost.",
    subcommands = {
      PricesCommand.ListPrices.class,
      PricesCommand.SetPrice.class,
      PricesCommand.Remove.class
    },
    footer = {
      "  rookery spend prices list",
      "  rookery spend prices set anthropic/claude-sonnet-4 --input 3 --output 15",
    })
final class PricesCommand {

  /** {@code spend prices list}. */
  @Command(
      name = "list",
      description = {
        "List prices: of models in US dollars per million tokens, of tools per call.",
        "Those that come with Rookery are defaults to check; the organization's own come first."
      },
      footer = {
        "  rookery spend prices list",
        "  rookery spend prices list --json=name,input,output"
      })
  static final class ListPrices implements Callable<Integer> {
    private final Context context;

    ListPrices(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("prices"));
      context
          .output()
          .list(
              page,
              List.of(
                  Column.field("KIND", "kind"),
                  dollars("INPUT", "input"),
                  dollars("OUTPUT", "output"),
                  dollars("CACHE READ", "cache_read"),
                  dollars("CACHE WRITE", "cache_write"),
                  dollars("CALL", "call"),
                  Column.field("FROM", "source"),
                  Column.field("NAME", "name")));
      return Exit.OK;
    }

    private static Column dollars(String title, String field) {
      return new Column(title, item -> Dollars.of(item.path(field)));
    }
  }

  /** {@code spend prices set}. */
  @Command(
      name = "set",
      description = {
        "Set the organization's own price of a model or, with --call, of a tool.",
        "The name of a model may be the beginning of names: scripted, anthropic/claude-sonnet-4."
      },
      footer = {
        "  rookery spend prices set anthropic/claude-sonnet-4 --input 3 --output 15"
            + " --cache-read 0.30",
        "  rookery spend prices set web_search --call 0.01",
      })
  static final class SetPrice implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "provider/model, or a tool.")
    private String name = "";

    @Option(names = "--input", paramLabel = "<usd>", description = "A million tokens read.")
    private @Nullable String input;

    @Option(names = "--output", paramLabel = "<usd>", description = "A million tokens written.")
    private @Nullable String output;

    @Option(
        names = "--cache-read",
        paramLabel = "<usd>",
        description = "A million tokens read from the cache (default: as --input).")
    private @Nullable String cacheRead;

    @Option(
        names = "--cache-write",
        paramLabel = "<usd>",
        description = "A million tokens put into the cache (default: as --input).")
    private @Nullable String cacheWrite;

    @Option(names = "--call", paramLabel = "<usd>", description = "A call of a tool.")
    private @Nullable String perCall;

    SetPrice(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      boolean tool = perCall != null;
      if (!tool && (input == null || output == null)) {
        throw CliFailure.usage("Give --input and --output for a model, or --call for a tool.");
      }
      ObjectNode body =
          Json.object()
              .put("kind", tool ? "tool" : "model")
              .put("name", name)
              .put("input", input)
              .put("output", output)
              .put("cache_read", cacheRead)
              .put("cache_write", cacheWrite)
              .put("call", perCall);
      JsonNode price = context.api().put(Route.of("prices"), body);
      Output printed = context.output();
      printed.one(
          price, () -> printed.line("The price of %s is set.".formatted(Glyphs.line(name))));
      return Exit.OK;
    }
  }

  /** {@code spend prices remove}. */
  @Command(
      name = "remove",
      description = "Remove the organization's own price; that of the installation holds again.",
      footer = {
        "  rookery spend prices remove anthropic/claude-sonnet-4",
        "  rookery spend prices remove web_search --tool",
      })
  static final class Remove implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "As it was set.")
    private String name = "";

    @Option(names = "--tool", description = "It is a tool.")
    private boolean tool;

    Remove(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context
          .api()
          .delete(Route.of("prices").with("kind", tool ? "tool" : "model").with("name", name));
      Output output = context.output();
      output.one(
          Json.object().put("name", name),
          () -> output.line("The price of %s is removed.".formatted(Glyphs.line(name))));
      return Exit.OK;
    }
  }
}
