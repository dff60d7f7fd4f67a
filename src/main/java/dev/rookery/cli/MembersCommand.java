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

/** Members. */
@Command(
    name = "members",
    description = "The people of the organization and their roles.",
    subcommands = {
      MembersCommand.ListMembers.class,
      MembersCommand.Show.class,
      MembersCommand.Create.class,
      MembersCommand.Edit.class,
      MembersCommand.Remove.class
    },
    footer = {
      "  rookery members list",
      "  rookery members create 'Ada Lovelace' --email ada@example.org --role operator",
      "  rookery members edit mem_… --role admin",
      "  rookery members remove mem_…",
    })
final class MembersCommand {

  /** {@code members list}. */
  @Command(
      name = "list",
      description = "List the members.",
      footer = {"  rookery members list", "  rookery members list --json=id,email,role"})
  static final class ListMembers implements Callable<Integer> {
    private final Context context;

    ListMembers(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("members"));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("ROLE", "role"),
              output.since("SINCE", "created_at"),
              Column.field("E-MAIL", "email"),
              Column.field("NAME", "name")));
      return Exit.OK;
    }
  }

  private static Integer show(Context context, JsonNode member) {
    Output output = context.output();
    output.one(
        member,
        () ->
            output.facts(
                List.of(
                    new String[] {"id", Output.text(member, "id")},
                    new String[] {"name", Output.text(member, "name")},
                    new String[] {"e-mail", Output.text(member, "email")},
                    new String[] {"role", Output.text(member, "role")},
                    new String[] {"since", Output.text(member, "created_at")})));
    return Exit.OK;
  }

  /** {@code members show}. */
  @Command(
      name = "show",
      description = "Show one member.",
      footer = {"  rookery members show mem_…"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<member>", description = "Id of the member.")
    private String member = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return show(context, context.api().get(Route.of("members/{}", member)));
    }
  }

  /** {@code members create}. */
  @Command(
      name = "create",
      description = "Make a member, of your own role or one below it.",
      footer = {"  rookery members create 'Ada Lovelace' --email ada@example.org --role operator"})
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "As agents call them.")
    private String name = "";

    @Option(
        names = "--email",
        required = true,
        paramLabel = "<address>",
        description = "Unique in the organization.")
    private String email = "";

    @Option(
        names = "--role",
        paramLabel = "<role>",
        defaultValue = "viewer",
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private KeysCommand.Role role = KeysCommand.Role.viewer;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body =
          Json.object().put("name", name).put("email", email).put("role", role.name());
      return show(context, context.api().post(Route.of("members"), body));
    }
  }

  /** {@code members edit}. */
  @Command(
      name = "edit",
      description =
          "Change the name or the role. A lower role holds for the member's keys at once.",
      footer = {
        "  rookery members edit mem_… --role viewer",
        "  rookery members edit mem_… --name Ada"
      })
  static final class Edit implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<member>", description = "Id of the member.")
    private String member = "";

    @Option(names = "--name", paramLabel = "<name>", description = "As agents call them.")
    private @Nullable String name;

    @Option(names = "--role", paramLabel = "<role>", description = "${COMPLETION-CANDIDATES}.")
    private KeysCommand.@Nullable Role role;

    Edit(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (name == null && role == null) {
        throw CliFailure.usage("Say what to change: --name or --role.");
      }
      ObjectNode body = Json.object();
      if (name != null) {
        body.put("name", name);
      }
      if (role != null) {
        body.put("role", role.name());
      }
      return show(context, context.api().patch(Route.of("members/{}", member), body));
    }
  }

  /** {@code members remove}. */
  @Command(
      name = "remove",
      description = "Remove a member and revoke their API keys.",
      footer = {"  rookery members remove mem_…"})
  static final class Remove implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<member>", description = "Id of the member.")
    private String member = "";

    Remove(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.api().delete(Route.of("members/{}", member));
      Output output = context.output();
      output.one(
          Json.object().put("id", member),
          () -> output.line("Member " + Glyphs.line(member) + " and their keys are gone."));
      return Exit.OK;
    }
  }
}
