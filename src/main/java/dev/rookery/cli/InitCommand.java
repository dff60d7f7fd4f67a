package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Installation;
import dev.rookery.kernel.Json;
import dev.rookery.ops.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code init}. */
@Command(
    name = "init",
    description = {
      "Prepare a data directory without starting the server: key, database, default organization"
          + " and the key of this command line. Repeating it changes nothing.",
    },
    footer = {"  rookery init", "  rookery init --data-dir /var/lib/rookery --json"})
final class InitCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private DatabaseOption database = new DatabaseOption();

  InitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Terminal terminal = context.terminal();
    List<Installation.Part> made =
        Installation.init(
            new Settings(
                context.files().path(),
                "127.0.0.1",
                Settings.DEFAULT_PORT,
                database.url(terminal),
                terminal.env("ROOKERY_PUBLIC_URL"),
                terminal.env()));
    ObjectNode result = Json.object().put("id", context.files().path().toString());
    ArrayNode items = result.putArray("made");
    made.forEach(
        item ->
            items
                .addObject()
                .put("what", item.what())
                .put("where", item.where())
                .put("fresh", item.fresh()));
    Output output = context.output();
    output.one(
        result,
        () -> {
          made.forEach(
              item ->
                  output.line(
                      "%-12s  %-20s  %s"
                          .formatted(
                              item.fresh() ? "made" : "was there", item.what(), item.where())));
          output.note("Start the server with: " + Program.name() + " up");
        });
    return Exit.OK;
  }
}
