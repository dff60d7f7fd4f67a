package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Files: what agents have in their homes. */
@Command(
    name = "files",
    description = "Look into the home directory of an agent.",
    subcommands = {FilesCommand.ListFiles.class, FilesCommand.Read.class, FilesCommand.Trust.class},
    footer = {"  rookery files list rook", "  rookery files read rook notes/today.md"})
final class FilesCommand {

  /** {@code files list}. */
  @Command(
      name = "list",
      description = "List a directory.",
      footer = {"  rookery files list rook", "  rookery files list rook notes --json=path,size"})
  static final class ListFiles implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "<path>",
        defaultValue = ".",
        description = "Below the home; the home itself if not given.")
    private String path = ".";

    ListFiles(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode view = context.api().get(Route.of("agents/{}/files", agent).with("path", path));
      ObjectNode page = Json.object();
      page.set("items", view.has("entries") ? view.path("entries") : page.arrayNode().add(view));
      Output output = context.output();
      output.list(
          page.putNull("next"),
          List.of(
              Column.field("MODE", "mode"),
              Column.field("SIZE", "size"),
              output.since("CHANGED", "modified_at"),
              Column.field("KIND", "kind"),
              Column.field("PATH", "path")));
      if (view.has("entries") && view.path("more").asBoolean()) {
        output.note("There are more entries than are shown.");
      }
      return Exit.OK;
    }
  }

  /** {@code files read}. */
  @Command(
      name = "read",
      description = {
        "Print a file, to the last byte.",
        "On a terminal its control characters are left out."
      },
      footer = {
        "  rookery files read rook notes/today.md",
        "  rookery files read rook site.zip > site.zip"
      })
  static final class Read implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    @Parameters(index = "1", paramLabel = "<path>", description = "Below the home.")
    private String path = "";

    Read(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("agents/{}/files", agent).with("path", path);
      JsonNode part = context.api().get(route);
      if (part.has("entries")) {
        throw CliFailure.usage("'" + path + "' is a directory; list it with: rookery files list");
      }
      if (context.output().forPrograms()) {
        context.output().one(part, () -> {});
        return Exit.OK;
      }
      print(part);
      while (part.path("more").asBoolean()) {
        byte[] seen = bytes(part);
        part = context.api().get(route.with("offset", part.path("offset").asLong() + seen.length));
        print(part);
      }
      context.terminal().out().flush();
      return Exit.OK;
    }

    private static byte[] bytes(JsonNode part) {
      return Base64.getDecoder().decode(part.path("base64").asText());
    }

    private void print(JsonNode part) {
      PrintStream out = context.terminal().out();
      byte[] bytes = bytes(part);
      if (context.terminal().interactive()) {
        new String(bytes, StandardCharsets.UTF_8)
            .lines()
            .forEach(line -> context.output().line(Glyphs.line(line)));
      } else {
        out.write(bytes, 0, bytes.length);
      }
    }
  }

  /** {@code files trust}. */
  @Command(
      name = "trust",
      description = {
        "Vouch for what an agent's home holds now.",
        "A run that held words of strangers marks the home it writes to; what reads the home later"
            + " then holds them too, and asks before it may carry anything away."
      },
      footer = {"  rookery files trust rook", "  rookery files trust rook --check"})
  static final class Trust implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Id or handle of the agent.")
    private String agent = "";

    @Option(names = "--check", description = "Only say whether it is marked, and by which run.")
    private boolean check;

    Trust(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode home = context.api().get(Route.of("agents/{}/home", agent));
      boolean was = home.path("trusted").asBoolean();
      JsonNode now =
          check || was
              ? home
              : context.api().post(Route.of("agents/{}/home/trust", agent), Json.object());
      Output output = context.output();
      output.one(now, () -> output.line(sentence(home, was)));
      return Exit.OK;
    }

    private String sentence(JsonNode home, boolean was) {
      if (was) {
        return "Nothing that nobody vouches for was written to this home.";
      }
      String mark =
          "It may hold words of strangers since %s (run %s)."
              .formatted(Output.text(home, "marked_at"), Output.text(home, "marked_by_run"));
      return check
          ? mark + " Look at it, then run: rookery files trust " + Glyphs.line(agent)
          : "Trusted from now on. " + mark.replace("may hold", "may have held");
    }
  }
}
