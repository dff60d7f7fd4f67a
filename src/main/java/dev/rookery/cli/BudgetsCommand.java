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

/** Budgets: how much may be spent. */
@Command(
    name = "budgets",
    description = "Limit what is spent, by organization, agent, contact, program or run.",
    subcommands = {
      BudgetsCommand.Create.class,
      BudgetsCommand.ListBudgets.class,
      BudgetsCommand.Change.class,
      BudgetsCommand.Remove.class
    },
    footer = {
      "  rookery budgets create --agent rook --window day --soft 4 --hard 5",
      "  rookery budgets list",
      "  rookery budgets set bdg_… --hard 10",
    })
final class BudgetsCommand {
  private static final String NONE = "none";

  /** How long a budget lasts. */
  enum Period {
    hour,
    day,
    month,
    total
  }

  /** {@code budgets create}. */
  @Command(
      name = "create",
      description = {
        "Make a budget of the organization, or of what an option names. Beyond the soft limit a"
            + " person is asked, beyond the hard one nothing is bought.",
        "What was spent in its present window before counts. Amounts are US dollars."
      },
      footer = {
        "  rookery budgets create --window month --hard 100",
        "  rookery budgets create --agent rook --window day --soft 4 --hard 5",
        "  rookery budgets create --each-run --hard 0.50",
      })
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Of this agent: handle or id.")
    private @Nullable String agent;

    @Option(
        names = "--contact",
        paramLabel = "<identity>",
        description = "Of what is done for this sender, such as telegram:123.")
    private @Nullable String contact;

    @Option(names = "--program", paramLabel = "<name>", description = "Of this program.")
    private @Nullable String program;

    @Option(
        names = "--run",
        paramLabel = "<run>",
        description = "Of this run with everything it delegates.")
    private @Nullable String run;

    @Option(
        names = "--each-run",
        description = "Of each run with everything it delegates, separately.")
    private boolean eachRun;

    @Option(
        names = "--window",
        paramLabel = "<window>",
        description =
            "${COMPLETION-CANDIDATES}: how long it lasts, by the calendar in UTC (default: total).")
    private Period window = Period.total;

    @Option(names = "--soft", paramLabel = "<usd>", description = "Ask a person beyond this.")
    private @Nullable String soft;

    @Option(names = "--hard", paramLabel = "<usd>", description = "Stop beyond this.")
    private @Nullable String hard;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body = Json.object().put("window", window.name());
      scope(body);
      body.put("soft", soft).put("hard", hard);
      JsonNode budget = context.api().post(Route.of("budgets"), body);
      Output output = context.output();
      output.one(budget, () -> details(output, budget));
      return Exit.OK;
    }

    private void scope(ObjectNode body) {
      name(body, "agent", agent);
      name(body, "contact", contact);
      name(body, "program", program);
      name(body, "run_tree", run);
      name(body, "each_run_tree", eachRun ? "" : null);
      if (!body.has("scope")) {
        body.put("scope", "org");
      }
    }

    private static void name(ObjectNode body, String scope, @Nullable String subject) {
      if (subject == null) {
        return;
      }
      if (body.has("scope")) {
        throw CliFailure.usage(
            "Give one of --agent, --contact, --program, --run and --each-run, not several.");
      }
      body.put("scope", scope);
      if (!subject.isEmpty()) {
        body.put("subject", subject);
      }
    }
  }

  /** {@code budgets list}. */
  @Command(
      name = "list",
      description = "List budgets, and how they stand in their windows of now.",
      footer = {"  rookery budgets list", "  rookery budgets list --json=scope,subject,spent,hard"})
  static final class ListBudgets implements Callable<Integer> {
    private final Context context;

    ListBudgets(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(Route.of("budgets"));
      context
          .output()
          .list(
              page,
              List.of(
                  Column.field("ID", "id"),
                  Column.field("SCOPE", "scope"),
                  Column.field("WINDOW", "window"),
                  dollars("SPENT", "spent"),
                  dollars("RESERVED", "reserved"),
                  dollars("SOFT", "soft"),
                  dollars("HARD", "hard"),
                  new Column("USED", Dollars::bar),
                  Column.field("SUBJECT", "subject")));
      return Exit.OK;
    }
  }

  private static Column dollars(String title, String field) {
    return new Column(title, item -> Dollars.of(item.path(field)));
  }

  /** {@code budgets set}. */
  @Command(
      name = "set",
      description = "Change the limits of a budget, for calls from now on; what is spent stays.",
      footer = {
        "  rookery budgets set bdg_0199… --hard 10",
        "  rookery budgets set bdg_0199… --soft none",
      })
  static final class Change implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<budget>", description = "Id of the budget.")
    private String budget = "";

    @Option(
        names = "--soft",
        paramLabel = "<usd>",
        description = "Ask a person beyond this; none takes it away.")
    private @Nullable String soft;

    @Option(
        names = "--hard",
        paramLabel = "<usd>",
        description = "Stop beyond this; none takes it away.")
    private @Nullable String hard;

    Change(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (soft == null && hard == null) {
        throw CliFailure.usage("Say what to change: --soft, --hard or both.");
      }
      Route route = Route.of("budgets/{}", budget);
      JsonNode before = context.api().get(route);
      ObjectNode body = Json.object();
      body.set("soft", limit(before, "soft", soft));
      body.set("hard", limit(before, "hard", hard));
      JsonNode changed = context.api().put(route, body);
      Output output = context.output();
      output.one(changed, () -> details(output, changed));
      return Exit.OK;
    }

    private static JsonNode limit(JsonNode before, String field, @Nullable String given) {
      if (given == null) {
        return before.path(field);
      }
      return given.equals(NONE) ? Json.object().nullNode() : Json.object().textNode(given);
    }
  }

  /** {@code budgets remove}. */
  @Command(
      name = "remove",
      description = "Remove a budget. What was spent stays in the books.",
      footer = {"  rookery budgets remove bdg_0199…"})
  static final class Remove implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<budget>", description = "Id of the budget.")
    private String budget = "";

    Remove(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.api().delete(Route.of("budgets/{}", budget));
      Output output = context.output();
      output.one(
          Json.object().put("id", budget),
          () -> output.line("Budget " + Glyphs.line(budget) + " is removed."));
      return Exit.OK;
    }
  }

  private static void details(Output output, JsonNode budget) {
    output.facts(
        List.of(
            new String[] {"id", Output.text(budget, "id")},
            new String[] {"scope", Output.text(budget, "scope")},
            new String[] {"subject", Output.text(budget, "subject")},
            new String[] {"window", Output.text(budget, "window")},
            new String[] {"soft", Dollars.of(budget.path("soft"))},
            new String[] {"hard", Dollars.of(budget.path("hard"))},
            new String[] {"spent", Dollars.of(budget.path("spent"))},
            new String[] {"reserved", Dollars.of(budget.path("reserved"))},
            new String[] {"used", Dollars.bar(budget)},
            new String[] {"resets", Output.text(budget, "resets_at")}));
  }
}
