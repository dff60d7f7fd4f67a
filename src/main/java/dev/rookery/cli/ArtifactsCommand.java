package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Artifacts: what runs made and events brought. */
@Command(
    name = "artifacts",
    description = "Look at what runs made and events brought, download files.",
    subcommands = {ArtifactsCommand.ListArtifacts.class, ArtifactsCommand.Get.class},
    footer = {
      "  rookery artifacts list --run run_…",
      "  rookery artifacts get art_… -o report.pdf",
    })
final class ArtifactsCommand {

  /** What one can be. */
  enum Kind {
    message,
    file
  }

  /** {@code artifacts list}. */
  @Command(
      name = "list",
      description = "List artifacts, newest first.",
      footer = {"  rookery artifacts list", "  rookery artifacts list --run run_… --kind file"})
  static final class ListArtifacts implements Callable<Integer> {
    private final Context context;

    @Option(names = "--run", paramLabel = "<run>", description = "Of one run.")
    private @Nullable String run;

    @Option(names = "--kind", paramLabel = "<kind>", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Kind kind;

    @Mixin private Listing listing = new Listing();

    ListArtifacts(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("artifacts").with("run", run).with("kind", kind);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("KIND", "kind"),
              Column.field("NAME", "name"),
              Column.field("TYPE", "media_type"),
              Column.field("SIZE", "size"),
              output.since("MADE", "at"),
              Column.field("REMOTE ID", "remote_id")));
      return Exit.OK;
    }
  }

  /** {@code artifacts get}. */
  @Command(
      name = "get",
      description = {
        "Print the content of a file, or write it with -o.",
        "With --json say what is known of it, without the content.",
      },
      footer = {
        "  rookery artifacts get art_… -o report.pdf",
        "  rookery artifacts get art_… --json=name,sha256",
      })
  static final class Get implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<artifact>", description = "Id of the artifact.")
    private String id = "";

    @Mixin private OutputFile destination = new OutputFile();

    Get(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (destination.file() == null && context.output().forPrograms()) {
        context.output().one(context.api().get(Route.of("artifacts/{}", id)), () -> {});
      } else {
        destination.write(context, context.api().download(Route.of("artifacts/{}/content", id)));
      }
      return Exit.OK;
    }
  }
}
