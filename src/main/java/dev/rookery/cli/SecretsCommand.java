package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Secrets that agents use by name and never see. */
@Command(
    name = "secrets",
    description = "Keep secrets that agents use by name and never see.",
    subcommands = {
      SecretsCommand.SetSecret.class,
      SecretsCommand.ListSecrets.class,
      SecretsCommand.Remove.class
    },
    footer = {
      "  rookery secrets set GITHUB --host api.github.com --header Authorization --prefix 'Bearer '",
      "  rookery secrets list",
    })
final class SecretsCommand {

  /** {@code secrets set}. */
  @Command(
      name = "set",
      description = {
        "Keep a new secret, or give one that is there a new value.",
        "The value is asked for, or read from stdin or a file; it is never an argument.",
      },
      footer = {
        "  rookery secrets set GITHUB --host api.github.com --header Authorization --prefix 'Bearer '",
        "  rookery secrets set GITHUB < new-value              another value, the same place",
        "  rookery secrets set MAPS --host '*.example.org' --query key --agent rook --file key.txt",
      })
  static final class SetSecret implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "As in {{secret:NAME}}.")
    private String name = "";

    @Option(
        names = "--host",
        paramLabel = "<host>",
        description = "Where alone it is sent; api.example.org or *.example.org. Repeatable.")
    private List<String> hosts = new ArrayList<>();

    @ArgGroup private @Nullable Place place;

    @Option(
        names = "--prefix",
        paramLabel = "<text>",
        defaultValue = "",
        description = "Written before the value, such as 'Bearer '.")
    private String prefix = "";

    @Option(
        names = "--agent",
        paramLabel = "<agent>",
        description = "Who may use it; all agents if not given. Repeatable.")
    private List<String> agents = new ArrayList<>();

    @Option(names = "--file", paramLabel = "<file>", description = "Holds the value; - is stdin.")
    private @Nullable String file;

    /** Where in a request it stands. */
    static final class Place {
      @Option(names = "--header", paramLabel = "<name>", description = "It stands in a header.")
      private @Nullable String header;

      @Option(
          names = "--query",
          paramLabel = "<name>",
          description = "It stands in a parameter of the query.")
      private @Nullable String query;

      @Option(
          names = "--body-field",
          paramLabel = "<field>",
          description = "It stands in a field of a JSON body or a form; dots lead into objects.")
      private @Nullable String field;

      String spelled() {
        return header != null
            ? "header:" + header
            : query != null ? "query:" + query : "body:" + field;
      }
    }

    SetSecret(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Place where = place;
      if (hosts.isEmpty() != (where == null)) {
        throw CliFailure.usage(
            "A new secret takes --host and one of --header, --query, --body-field; a new value for"
                + " one that is there takes none of them.");
      }
      ObjectNode body = Json.object().put("value", value());
      JsonNode secret;
      if (where == null) {
        secret = context.api().put(Route.of("secrets/{}", name), body);
      } else {
        body.put("name", name).put("place", where.spelled()).put("prefix", prefix);
        hosts.forEach(host -> body.withArray("/hosts").add(host));
        agents.forEach(agent -> body.withArray("/agents").add(agent));
        secret = context.api().post(Route.of("secrets"), body);
      }
      Output output = context.output();
      output.one(
          secret,
          () -> {
            output.line("Secret %s is kept.".formatted(Output.text(secret, "name")));
            output.note("Agents write {{secret:%s}} where it belongs.".formatted(name));
          });
      return Exit.OK;
    }

    private String value() {
      Terminal terminal = context.terminal();
      String from = file;
      String text =
          from != null
              ? SecretText.ofFile(terminal, from)
              : terminal.interactive() ? terminal.readSecret("Value: ") : terminal.readAll();
      if (text == null || text.isBlank()) {
        throw CliFailure.usage("There is no value. Type it, pipe it in, or give --file <file>.");
      }
      return text.strip();
    }
  }

  /** {@code secrets list}. */
  @Command(
      name = "list",
      description = "List secrets, without their values.",
      footer = {"  rookery secrets list", "  rookery secrets list --json=name,hosts"})
  static final class ListSecrets implements Callable<Integer> {
    private final Context context;

    ListSecrets(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Output output = context.output();
      output.list(
          context.api().get(Route.of("secrets")),
          List.of(
              Column.field("NAME", "name"),
              Column.field("HOSTS", "hosts"),
              Column.field("PLACE", "place"),
              Column.field("AGENTS", "agents"),
              output.since("CHANGED", "updated_at")));
      return Exit.OK;
    }
  }

  /** {@code secrets remove}. */
  @Command(
      name = "remove",
      description = "Forget a secret. Requests that name it are refused from then on.",
      footer = {"  rookery secrets remove GITHUB"})
  static final class Remove implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "Name of the secret.")
    private String name = "";

    Remove(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer = context.api().delete(Route.of("secrets/{}", name));
      JsonNode result = answer.isObject() ? answer : Json.object().put("name", name);
      Output output = context.output();
      output.one(result, () -> output.line("Secret " + Glyphs.line(name) + " is forgotten."));
      return Exit.OK;
    }
  }
}
