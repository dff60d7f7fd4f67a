package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approvals: what agents ask people, and what people answer. */
@Command(
    name = "approvals",
    description = "Decide what agents ask for: one exact tool call each.",
    subcommands = {
      ApprovalsCommand.ListApprovals.class,
      ApprovalsCommand.Show.class,
      ApprovalsCommand.Allow.class,
      ApprovalsCommand.Deny.class,
      ApprovalsCommand.Edit.class,
      ApprovalsCommand.ListStanding.class,
      ApprovalsCommand.Revoke.class,
      ApprovalsCommand.Desk.class
    },
    footer = {
      "  rookery approvals list",
      "  rookery approvals show apr_…",
      "  rookery approvals allow apr_…",
    })
final class ApprovalsCommand {

  /** Where a request can stand. */
  enum State {
    pending,
    allowed,
    denied,
    expired,
    cancelled,
    any
  }

  /** {@code approvals list}. */
  @Command(
      name = "list",
      description = "List requests, newest first; those that wait, unless asked otherwise.",
      footer = {"  rookery approvals list", "  rookery approvals list --state any --agent rook"})
  static final class ListApprovals implements Callable<Integer> {
    private final Context context;

    @Option(
        names = "--state",
        paramLabel = "<state>",
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private State state = State.pending;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Handle or id.")
    private @Nullable String agent;

    @Option(names = "--run", paramLabel = "<run>", description = "Of one run.")
    private @Nullable String run;

    @Mixin private Listing listing = new Listing();

    ListApprovals(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("approvals")
              .with("state", state == State.any ? null : state)
              .with("agent", agent)
              .with("run", run);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("STATE", "state"),
              output.since("ASKED", "created_at"),
              Column.field("TOOL", "tool"),
              new Column("CALL", item -> Glyphs.fit(Glyphs.line(Output.text(item, "preview")), 60)),
              Column.field("CONVERSATION", "conversation")));
      return Exit.OK;
    }
  }

  /** {@code approvals show}. */
  @Command(
      name = "show",
      description = "Show a request: the exact call, why a person is asked, and the answer.",
      footer = {"  rookery approvals show apr_…"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<approval>", description = "Id of the request.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode approval = context.api().get(Route.of("approvals/{}", id));
      Output output = context.output();
      output.one(approval, () -> print(output, approval));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode approval) {
      output.facts(
          List.of(
              new String[] {"approval", Output.text(approval, "id")},
              new String[] {"state", Output.text(approval, "state")},
              new String[] {"tool", Output.text(approval, "tool")},
              new String[] {"why asked", Output.text(approval, "why")},
              new String[] {"rule", Output.text(approval, "rule")},
              new String[] {"agent", Output.text(approval, "agent")},
              new String[] {"run", Output.text(approval, "run")},
              new String[] {"conversation", Output.text(approval, "conversation")},
              new String[] {"call sha256", Output.text(approval, "sha256")},
              new String[] {"asked", output.ago(approval.path("created_at").asText(""))},
              new String[] {"denied at", Output.text(approval, "deadline")},
              new String[] {"answer", Output.text(approval, "answer")},
              new String[] {"words", Output.text(approval, "words")},
              new String[] {"by", Output.text(approval, "by")}));
      output.heading("What it would do");
      approval.path("preview").asText("").lines().forEach(l -> output.line("  " + Glyphs.line(l)));
      if (approval.has("edited_arguments")) {
        output.heading("Arguments as a person changed them");
        output.line("  " + Glyphs.line(Json.write(approval.path("edited_arguments"))));
      }
    }
  }

  /** Sends an answer about the call as it stands now, so that another one is refused. */
  private static int answer(Context context, String id, ObjectNode answer, String done) {
    JsonNode shown = context.api().get(Route.of("approvals/{}", id));
    answer.put("sha256", shown.path("sha256").asText());
    JsonNode answered = context.api().post(Route.of("approvals/{}/answer", id), answer);
    Output output = context.output();
    output.one(
        answered,
        () ->
            output.line(
                done.formatted(Glyphs.line(Output.text(answered, "tool")), Glyphs.line(id))));
    return Exit.OK;
  }

  /** {@code approvals allow}. */
  @Command(
      name = "allow",
      description = "Allow the call, once; or, with --always, the same call from now on.",
      footer = {"  rookery approvals allow apr_…", "  rookery approvals allow apr_… --always"})
  static final class Allow implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<approval>", description = "Id of the request.")
    private String id = "";

    @Option(
        names = "--always",
        description = "Do not ask again for this tool with these very arguments.")
    private boolean always;

    Allow(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode answer = Json.object().put("answer", always ? "allow_always" : "allow_once");
      return ApprovalsCommand.answer(
          context,
          id,
          answer,
          "%s is allowed" + (always ? " always" : "") + " (%s). The run goes on.");
    }
  }

  /** {@code approvals deny}. */
  @Command(
      name = "deny",
      description = "Deny the call. The agent is told and goes on without it.",
      footer = {"  rookery approvals deny apr_… --words 'Use the staging server.'"})
  static final class Deny implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<approval>", description = "Id of the request.")
    private String id = "";

    @Option(names = "--words", paramLabel = "<text>", description = "What the agent is told.")
    private String words = "";

    Deny(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode answer = Json.object().put("answer", "deny").put("words", words);
      return ApprovalsCommand.answer(context, id, answer, "%s is denied (%s). The run goes on.");
    }
  }

  /** {@code approvals edit}. */
  @Command(
      name = "edit",
      description = "Allow the call once, with other arguments.",
      footer = {
        "  rookery approvals edit apr_… --arguments '{\"command\":\"git push origin main\"}'"
      })
  static final class Edit implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<approval>", description = "Id of the request.")
    private String id = "";

    @Option(
        names = "--arguments",
        required = true,
        paramLabel = "<json>",
        description = "The arguments to use instead, as a JSON object.")
    private String arguments = "";

    Edit(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode answer = Json.object().put("answer", "edit");
      try {
        answer.set("arguments", Json.parse(arguments));
      } catch (Refusal refusal) {
        throw CliFailure.usage("--arguments is not JSON: " + refusal.getMessage());
      }
      return ApprovalsCommand.answer(
          context, id, answer, "%s is allowed once with other arguments (%s). The run goes on.");
    }
  }

  /** {@code approvals standing}. */
  @Command(
      name = "standing",
      description = "List calls that were allowed for always.",
      footer = {"  rookery approvals standing"})
  static final class ListStanding implements Callable<Integer> {
    private final Context context;

    ListStanding(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("standing-approvals"));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              Column.field("AGENT", "agent"),
              Column.field("TOOL", "tool"),
              new Column("ARGUMENTS", item -> Glyphs.line(Json.write(item.path("arguments")))),
              Column.field("BY", "by"),
              output.since("SINCE", "since")));
      return Exit.OK;
    }
  }

  /** {@code approvals revoke}. */
  @Command(
      name = "revoke",
      description = "Take back what was allowed for always; it is asked for again.",
      footer = {"  rookery approvals revoke apr_…"})
  static final class Revoke implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<approval>", description = "Id, as standing prints it.")
    private String id = "";

    Revoke(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.api().delete(Route.of("standing-approvals/{}", id));
      Output output = context.output();
      output.one(
          Json.object().put("id", id).put("revoked", true),
          () -> output.line(Glyphs.line(id) + " is taken back; it is asked for again."));
      return Exit.OK;
    }
  }

  /** {@code approvals desk}. */
  @Command(
      name = "desk",
      description = "Show or set the conversation in which people are asked, for all agents.",
      footer = {
        "  rookery approvals desk",
        "  rookery approvals desk telegram:int_…:-1001234567890",
        "  rookery approvals desk --remove",
      })
  static final class Desk implements Callable<Integer> {
    private final Context context;

    @Parameters(
        arity = "0..1",
        paramLabel = "<conversation>",
        description = "Key of the conversation, as events show prints it.")
    private @Nullable String conversation;

    @Option(names = "--remove", description = "Ask where the run was woken.")
    private boolean remove;

    Desk(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("approval-desk");
      if (remove) {
        context.api().delete(route);
      } else if (conversation != null) {
        context.api().put(route, Json.object().put("conversation", conversation));
      }
      JsonNode desk = context.api().get(route);
      Output output = context.output();
      String key = desk.path("conversation").asText("");
      output.one(
          desk,
          () ->
              output.line(
                  desk.path("conversation").isNull()
                      ? "People are asked where the run was woken."
                      : "People are asked in " + Glyphs.line(key) + "."));
      return Exit.OK;
    }
  }
}
