package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API keys. */
@Command(
    name = "keys",
    description = "Make API keys, list and revoke them.",
    subcommands = {
      KeysCommand.Create.class,
      KeysCommand.ListKeys.class,
      KeysCommand.Show.class,
      KeysCommand.Revoke.class
    },
    footer = {
      "  rookery keys create ci --role operator --expires-in-days 30",
      "  rookery keys list",
      "  rookery keys revoke key_…",
    })
final class KeysCommand {

  /** What a key may do; each includes those after it. */
  enum Role {
    owner,
    admin,
    operator,
    viewer
  }

  /** {@code keys create}. */
  @Command(
      name = "create",
      description = "Make an API key. Its secret is printed once and stored nowhere.",
      footer = {
        "  rookery keys create ci --role operator --expires-in-days 30",
        "  rookery keys create dashboard --role viewer --scope runs:read --scope agents",
        "  rookery keys create ada --role admin --member mem_…",
        "  rookery keys create laptop --json=secret",
      })
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<name>", description = "What it is for.")
    private String name = "";

    @Option(
        names = "--role",
        paramLabel = "<role>",
        defaultValue = "operator",
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Role role = Role.operator;

    @Option(
        names = {"--expires-in-days", "--expires"},
        paramLabel = "<days>",
        description = "When it ends (default: never).")
    private @Nullable Integer expiresInDays;

    @Option(
        names = "--scope",
        paramLabel = "<scope>",
        description = {
          "An area of the API that it is limited to, such as runs, or runs:read to look only.",
          "Repeatable; everything that its role may if not given."
        })
    private List<String> scopes = new ArrayList<>();

    @Option(
        names = "--member",
        paramLabel = "<member>",
        description = "Id of the member whose key it is; it ends with them.")
    private @Nullable String member;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body =
          Json.object().put("name", name).put("role", role.name().toLowerCase(Locale.ROOT));
      if (expiresInDays != null) {
        body.put("expires_in_days", expiresInDays);
      }
      if (!scopes.isEmpty()) {
        scopes.forEach(body.putArray("scopes")::add);
      }
      if (member != null) {
        body.put("member", member);
      }
      JsonNode key = context.api().post(Route.of("keys"), body);
      Output output = context.output();
      output.one(
          key,
          () -> {
            output.line(Glyphs.line(key.path("secret").asText()));
            output.note(
                "Key %s (%s, %s). The line above is shown once; programs send it as:"
                        .formatted(
                            Output.text(key, "id"),
                            Output.text(key, "name"),
                            Output.text(key, "role"))
                    + " Authorization: Bearer <key>");
          });
      return Exit.OK;
    }
  }

  /** {@code keys list}. */
  @Command(
      name = "list",
      description = "List API keys, without their secrets.",
      footer = {"  rookery keys list", "  rookery keys list --json=id,name,expires_at"})
  static final class ListKeys implements Callable<Integer> {
    private final Context context;

    ListKeys(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("keys"));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("PREFIX", "prefix"),
              Column.field("ROLE", "role"),
              Column.field("SCOPES", "scopes"),
              output.since("EXPIRES", "expires_at"),
              output.since("REVOKED", "revoked_at"),
              output.since("LAST USED", "last_used_at"),
              Column.field("NAME", "name")));
      return Exit.OK;
    }
  }

  /** {@code keys show}. */
  @Command(
      name = "show",
      description = "Show an API key, without its secret.",
      footer = {"  rookery keys show key_…"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<key>", description = "Id of the key.")
    private String key = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode shown = context.api().get(Route.of("keys/{}", key));
      Output output = context.output();
      output.one(
          shown,
          () ->
              output.facts(
                  Stream.of(
                          "id",
                          "name",
                          "prefix",
                          "role",
                          "scopes",
                          "member",
                          "created_at",
                          "expires_at",
                          "revoked_at",
                          "last_used_at")
                      .map(field -> new String[] {field, Output.text(shown, field)})
                      .toList()));
      return Exit.OK;
    }
  }

  /** {@code keys revoke}. */
  @Command(
      name = "revoke",
      description = "End a key at once. It cannot be undone.",
      footer = {"  rookery keys revoke key_0199…"})
  static final class Revoke implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<key>", description = "Id of the key.")
    private String key = "";

    Revoke(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer = context.api().delete(Route.of("keys/{}", key));
      JsonNode result = answer.isObject() ? answer : Json.object().put("id", key);
      Output output = context.output();
      output.one(result, () -> output.line("Key " + Glyphs.line(key) + " is revoked."));
      return Exit.OK;
    }
  }
}
