package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Integrations: where agents are reached. */
@Command(
    name = "integrations",
    description = "Connect channels and test them.",
    subcommands = {
      IntegrationsCommand.Create.class,
      IntegrationsCommand.ListIntegrations.class,
      IntegrationsCommand.Show.class,
      IntegrationsCommand.Test.class,
      IntegrationsCommand.Member.class
    },
    footer = {
      "  rookery integrations create telegram --agent rook --token-file bot-token",
      "  rookery integrations list",
      "  rookery integrations test int_…",
    })
final class IntegrationsCommand {

  /** {@code integrations create}: one command per channel. */
  @Command(
      name = "create",
      description = "Connect a channel.",
      subcommands = {CreateTelegram.class},
      footer = {"  rookery integrations create telegram --agent rook --token-file bot-token"})
  static final class Create {}

  /** {@code integrations list}. */
  @Command(
      name = "list",
      description = "List integrations.",
      footer = {"  rookery integrations list", "  rookery integrations list -q"})
  static final class ListIntegrations implements Callable<Integer> {
    private final Context context;

    ListIntegrations(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("integrations"));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("CHANNEL", "channel"),
              Column.field("ENABLED", "enabled"),
              new Column("MODE", item -> Output.text(item.path("config"), "mode")),
              output.since("CREATED", "created_at"),
              Column.field("NAME", "name")));
      return Exit.OK;
    }
  }

  /** {@code integrations show}. */
  @Command(
      name = "show",
      description = "Show an integration, without its secrets.",
      footer = {"  rookery integrations show int_…", "  rookery integrations show int_… --json"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<integration>", description = "Id of the integration.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode found = context.api().get(Route.of("integrations/{}", id));
      Output output = context.output();
      output.one(found, () -> details(output, found));
      return Exit.OK;
    }
  }

  /** {@code integrations test}. */
  @Command(
      name = "test",
      description = "Ask the other side whether the connection works. Exit code 1 when not.",
      footer = {"  rookery integrations test int_…"})
  static final class Test implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<integration>", description = "Id of the integration.")
    private String id = "";

    Test(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode result = context.api().post(Route.of("integrations/{}/test", id), Json.object());
      boolean ok = result.path("ok").asBoolean();
      Output output = context.output();
      output.one(
          result,
          () -> {
            output.line((ok ? "ok    " : "fail  ") + Glyphs.line(id));
            result
                .properties()
                .forEach(
                    field -> {
                      if (!field.getKey().equals("ok")) {
                        output.line(
                            "  "
                                + field.getKey()
                                + ": "
                                + Glyphs.line(Output.text(result, field.getKey())));
                      }
                    });
          });
      return ok ? Exit.OK : Exit.FAILED;
    }
  }

  /** {@code integrations member}. */
  @Command(
      name = "member",
      description = {
        "Say that a user of the channel speaks for the organization: their words are trusted, and",
        "they may answer requests for permission there. By the channel's id of the user, which",
        "events show prints, and never by name.",
      },
      footer = {
        "  rookery integrations member telegram 123456789",
        "  rookery integrations member telegram 123456789 --remove",
      })
  static final class Member implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<integration>", description = "Id or name.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "<user>", description = "The channel's id of the user.")
    private String user = "";

    @Option(names = "--remove", description = "Not any more.")
    private boolean remove;

    Member(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("integrations/{}/members/{}", id, user);
      JsonNode changed =
          remove ? context.api().delete(route) : context.api().put(route, Json.object());
      Output output = context.output();
      output.one(changed, () -> details(output, changed));
      return Exit.OK;
    }
  }

  static void details(Output output, JsonNode integration) {
    output.facts(
        List.of(
            new String[] {"integration", Output.text(integration, "id")},
            new String[] {"channel", Output.text(integration, "channel")},
            new String[] {"name", Output.text(integration, "name")},
            new String[] {"enabled", Output.text(integration, "enabled")},
            new String[] {"agents", Output.text(integration, "agents")},
            new String[] {"settings", Output.text(integration, "config")},
            new String[] {"secrets", Output.text(integration, "secrets_set")},
            new String[] {"webhook", Output.text(integration, "webhook_path")},
            new String[] {"created", output.ago(integration.path("created_at").asText(""))}));
  }
}
