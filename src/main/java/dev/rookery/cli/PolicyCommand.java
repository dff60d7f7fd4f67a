package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rules on what agents may do. */
@Command(
    name = "policy",
    description = {
      "Say what agents may do: deny beats ask, ask beats allow.",
      "What wakes them is another thing: rookery policies.",
      "Rules: a tool, start_*, *, @fs.write, bash(git push *), write(path:out/**), http(host:*.x) …",
    },
    subcommands = {
      PolicyCommand.ListRules.class,
      PolicyCommand.Allow.class,
      PolicyCommand.Ask.class,
      PolicyCommand.Deny.class,
      PolicyCommand.Remove.class,
      PolicyExplain.class,
      PolicyCommand.Lint.class,
      PolicyCommand.Profiles.class,
      PolicyCommand.Apply.class,
    },
    footer = {
      "  rookery policy allow rook 'bash(git status *)'",
      "  rookery policy explain --agent rook 'bash(git push)'",
      "  rookery policy apply rook pr-writer",
    })
final class PolicyCommand {
  /** On whom rules are. */
  static final class Whom {
    @Parameters(
        index = "0",
        paramLabel = "<agent>",
        description = "Handle or id; 'everyone' for all agents of the organization.")
    private String agent = "";

    Route rules() {
      return agent.equals("everyone") ? Route.of("rules") : Route.of("agents/{}/rules", agent);
    }

    String agent() {
      return agent;
    }
  }

  /** {@code policy list}. */
  @Command(
      name = "list",
      description = "List the rules in force for an agent.",
      footer = {"  rookery policy list rook", "  rookery policy list everyone --json=rule,verdict"})
  static final class ListRules implements Callable<Integer> {
    private final Context context;
    @Mixin private Whom whom = new Whom();

    ListRules(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      show(context, context.api().get(whom.rules()));
      return Exit.OK;
    }
  }

  private static void show(Context context, JsonNode page) {
    Output output = context.output();
    output.list(
        page,
        List.of(
            Column.field("VERDICT", "verdict"),
            new Column("ON", rule -> rule.path("agent").isNull() ? "everyone" : "agent"),
            Column.field("ID", "id"),
            output.since("SET", "created_at"),
            Column.field("BY", "created_by"),
            Column.field("RULE", "rule")));
  }

  /** Puts a rule with the verdict that the command is named after. */
  abstract static class Put implements Callable<Integer> {
    private final Context context;
    private final String verdict;
    @Mixin private Whom whom = new Whom();

    @Parameters(index = "1", paramLabel = "<rule>", description = "What it is about.")
    private String rule = "";

    Put(Context context, String verdict) {
      this.context = context;
      this.verdict = verdict;
    }

    @Override
    public Integer call() {
      ObjectNode body = Json.object().put("rule", rule).put("verdict", verdict);
      JsonNode stored = context.api().post(whom.rules(), body);
      Output output = context.output();
      output.one(stored, () -> print(output, stored));
      return Exit.OK;
    }

    private void print(Output output, JsonNode stored) {
      String text = Glyphs.line(stored.path("rule").asText());
      output.line("%s %s: %s".formatted(verdict, text, Output.text(stored, "id")));
      stored
          .path("warnings")
          .forEach(warning -> output.note("Note: " + Glyphs.line(warning.asText())));
    }
  }

  /** {@code policy allow}. */
  @Command(
      name = "allow",
      description = "Allow what a rule names, unless another asks or denies.",
      footer = {
        "  rookery policy allow rook current_time",
        "  rookery policy allow rook 'bash(git log *)'",
      })
  static final class Allow extends Put {
    Allow(Context context) {
      super(context, "allow");
    }
  }

  /** {@code policy ask}. */
  @Command(
      name = "ask",
      description = "Ask a person about what a rule names, unless another denies.",
      footer = "  rookery policy ask rook 'bash(git push *)'")
  static final class Ask extends Put {
    Ask(Context context) {
      super(context, "ask");
    }
  }

  /** {@code policy deny}. */
  @Command(
      name = "deny",
      description = "Deny what a rule names, whatever others say.",
      footer = "  rookery policy deny everyone 'bash(rm *)'")
  static final class Deny extends Put {
    Deny(Context context) {
      super(context, "deny");
    }
  }

  /** {@code policy remove}. */
  @Command(
      name = "remove",
      description = "Remove a rule.",
      footer = {
        "  rookery policy remove rook 'bash(git push *)'",
        "  rookery policy remove rook rul_…"
      })
  static final class Remove implements Callable<Integer> {
    private final Context context;
    @Mixin private Whom whom = new Whom();

    @Parameters(index = "1", paramLabel = "<rule>", description = "Its text or its id.")
    private String rule = "";

    Remove(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode stored = find();
      String id = stored.path("id").asText();
      context.api().delete(Route.of("rules/{}", id));
      Output output = context.output();
      output.one(
          stored,
          () ->
              output.line(
                  "Removed: " + Glyphs.line(stored.path("rule").asText()) + " (" + id + ")"));
      return Exit.OK;
    }

    private JsonNode find() {
      boolean everyone = whom.agent().equals("everyone");
      for (JsonNode item : context.api().get(whom.rules()).path("items")) {
        boolean own = everyone == item.path("agent").isNull();
        if (item.path("id").asText().equals(rule)
            || (own && item.path("rule").asText().equals(rule))) {
          return item;
        }
      }
      throw new CliFailure(
          Exit.NOT_FOUND,
          "There is no rule '%s' on %s. List them with: %s policy list %s"
              .formatted(rule, whom.agent(), Program.name(), whom.agent()));
    }
  }

  /** {@code policy lint}. */
  @Command(
      name = "lint",
      description = "Find rules that say nothing: shadowed ones, and those on unknown tools.",
      footer = "  rookery policy lint rook")
  static final class Lint implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    Lint(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("agents/{}/rules/lint", agent));
      context
          .output()
          .list(
              page,
              List.of(
                  Column.field("VERDICT", "verdict"),
                  Column.field("RULE", "rule"),
                  Column.field("WHY", "why")));
      return Exit.OK;
    }
  }

  /** {@code policy profiles}. */
  @Command(
      name = "profiles",
      description = "List named sets of rules.",
      footer = {"  rookery policy profiles", "  rookery policy profiles --json"})
  static final class Profiles implements Callable<Integer> {
    private final Context context;

    Profiles(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context
          .output()
          .list(
              context.api().get(Route.of("policy/profiles")),
              List.of(
                  Column.field("PROFILE", "id"),
                  new Column("RULES", profile -> String.valueOf(profile.path("rules").size())),
                  Column.field("WHAT", "summary")));
      return Exit.OK;
    }
  }

  /** {@code policy apply}. */
  @Command(
      name = "apply",
      description = "Put the rules of a profile on an agent. They are rules like others then.",
      footer = {
        "  rookery policy apply rook read-only",
        "  rookery policy apply rook pr-writer --replace",
      })
  static final class Apply implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "<agent>", description = "Handle or id.")
    private String agent = "";

    @Parameters(
        index = "1",
        paramLabel = "<profile>",
        description = "read-only, pr-writer or full-ops.")
    private String profile = "";

    @Option(names = "--replace", description = "Remove the agent's own rules of before.")
    private boolean replace;

    Apply(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body = Json.object().put("profile", profile).put("replace", replace);
      show(context, context.api().post(Route.of("agents/{}/profile", agent), body));
      return Exit.OK;
    }
  }
}
