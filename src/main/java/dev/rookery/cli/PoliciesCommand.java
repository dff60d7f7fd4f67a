package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Activation policies: what wakes agents. */
@Command(
    name = "policies",
    description = {
      "Say what wakes agents: mentions, messages, events, webhooks, schedules.",
      "What agents may do once they are awake is another thing: rookery policy.",
    },
    subcommands = {
      PoliciesCommand.ListPolicies.class,
      PoliciesCommand.Show.class,
      PolicyCreate.class,
      PolicyEdit.class,
      PoliciesCommand.PausePolicy.class,
      PoliciesCommand.Resume.class,
      PoliciesCommand.Delete.class,
      ScheduleCommands.Preview.class,
      ScheduleCommands.RunNow.class,
      ScheduleCommands.Backfill.class,
      ScheduleCommands.Ledger.class,
      HookCommands.Rotate.class,
      HookCommands.Test.class,
      HookCommands.Deliveries.class,
    },
    footer = {
      "  rookery policies list rook",
      "  rookery policies create rook --cron '0 9 * * 1-5' --zone Europe/Berlin --prompt 'Report.'",
      "  rookery policies pause rook/report --for 2d --reason holidays",
    })
final class PoliciesCommand {

  /** {@code policies list}. */
  @Command(
      name = "list",
      description = "List what wakes an agent, or all agents.",
      footer = {
        "  rookery policies list",
        "  rookery policies list rook --json=name,trigger,state"
      })
  static final class ListPolicies implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "[<agent>]", description = "Handle or id; else all.")
    private @Nullable String agent;

    @Option(
        names = "--trigger",
        paramLabel = "<triggers>",
        description = "Only these, separated by commas, such as webhook,cron; of all agents.")
    private @Nullable String trigger;

    ListPolicies(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (agent != null && trigger != null) {
        throw CliFailure.usage("Name an agent or give --trigger, not both.");
      }
      Route route =
          agent == null
              ? Route.of("policies").with("trigger", trigger)
              : Route.of("agents/{}/policies", agent);
      context.output().list(context.api().get(route), PolicyPage.columns());
      return Exit.OK;
    }
  }

  /** {@code policies show}. */
  @Command(
      name = "show",
      description = "Show one thing that wakes an agent.",
      footer = {"  rookery policies show rook/report", "  rookery policies show pol_… --json"})
  static final class Show implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return print(context, context.api().get(policy.route(context, "")));
    }
  }

  static int print(Context context, JsonNode policy) {
    Output output = context.output();
    output.one(policy, () -> PolicyPage.print(output, policy));
    return Exit.OK;
  }

  /** {@code policies pause}. */
  @Command(
      name = "pause",
      description = "Pause a policy. What comes meanwhile is recorded as paused and wakes nobody.",
      footer = {
        "  rookery policies pause rook/report --reason 'office closed'",
        "  rookery policies pause rook/report --for 2h",
      })
  static final class PausePolicy implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    @Option(names = "--until", paramLabel = "<time>", description = "Such as 2027-01-31T08:00:00Z.")
    private @Nullable String until;

    @Option(
        names = "--for",
        paramLabel = "<time>",
        converter = TimeLimit.class,
        description = "For so long: 30m, 2h, 1d.")
    private @Nullable Duration length;

    @Option(names = "--reason", paramLabel = "<text>", description = "Why, for people.")
    private @Nullable String reason;

    PausePolicy(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (until != null && length != null) {
        throw CliFailure.usage("Give --until or --for, not both.");
      }
      String end = length == null ? until : context.clock().instant().plus(length).toString();
      ObjectNode body = Json.object().put("until", end).put("reason", reason);
      return print(context, context.api().post(policy.route(context, "/pause"), body));
    }
  }

  /** {@code policies resume}. */
  @Command(
      name = "resume",
      description = "End the pause of a policy.",
      footer = {"  rookery policies resume rook/report"})
  static final class Resume implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    Resume(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return print(context, context.api().post(policy.route(context, "/resume"), Json.object()));
    }
  }

  /** {@code policies delete}. */
  @Command(
      name = "delete",
      description = "Remove a policy. What it decided stays on record.",
      footer = {"  rookery policies delete rook/report"})
  static final class Delete implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    Delete(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      String id = policy.id(context);
      context.api().delete(Route.of("policies/{}", id));
      Output output = context.output();
      output.one(
          Json.object().put("id", id),
          () -> output.line("Policy " + Glyphs.line(id) + " is removed."));
      return Exit.OK;
    }
  }
}
