package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Spending: what calls did cost, and what they do. */
@Command(
    name = "spend",
    description = "Show what was spent, and set what calls cost.",
    subcommands = {SpendCommand.Show.class, PricesCommand.class},
    footer = {
      "  rookery spend show --by agent --since 7d",
      "  rookery spend prices list",
    })
final class SpendCommand {

  /** How sums are split. */
  enum By {
    agent,
    model,
    contact,
    day,
    run,
    kind
  }

  /** {@code spend show}. */
  @Command(
      name = "show",
      description = {
        "Add up tokens and money, and show how the budgets stand.",
        "With a ~ where a price or an amount was guessed: the model has no price, or a call was"
            + " cut off."
      },
      footer = {
        "  rookery spend show",
        "  rookery spend show --agent rook --by day --since 30d",
        "  rookery spend show --run run_0199… --json=key,spent",
      })
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Option(names = "--agent", paramLabel = "<agent>", description = "Of this agent only.")
    private @Nullable String agent;

    @Option(names = "--contact", paramLabel = "<identity>", description = "For this sender only.")
    private @Nullable String contact;

    @Option(
        names = "--run",
        paramLabel = "<run>",
        description = "Of this run with everything it delegated.")
    private @Nullable String run;

    @Option(names = "--model", paramLabel = "<name>", description = "Of this model or tool only.")
    private @Nullable String model;

    @Option(
        names = "--by",
        paramLabel = "<what>",
        description = "Split by ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        defaultValue = "model")
    private By by = By.model;

    @Option(
        names = "--since",
        paramLabel = "<time>",
        description = "From then on: 24h, 7d, a day such as 2026-01-31, or an instant.")
    private @Nullable String since;

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("spend")
              .with("by", by.name().toLowerCase(Locale.ROOT))
              .with("agent", agent)
              .with("contact", contact)
              .with("tree", run)
              .with("model", model)
              .with("from", since == null ? null : instant(since, context.clock().instant()));
      JsonNode spending = context.api().get(route);
      Output output = context.output();
      if (output.forPrograms() || context.options().quiet()) {
        output.one(spending, () -> {});
      } else {
        print(output, spending);
      }
      return Exit.OK;
    }

    private void print(Output output, JsonNode spending) {
      List<JsonNode> rows = new ArrayList<>();
      spending.path("items").forEach(rows::add);
      if (rows.size() > 1) {
        rows.add(((ObjectNode) spending.path("total")).put("key", "total"));
      }
      output.table(
          rows,
          List.of(
              Column.field("CALLS", "calls"),
              tokens("INPUT", "input"),
              tokens("CACHED", "cache_read"),
              tokens("OUTPUT", "output"),
              new Column("SPENT", Show::spent),
              new Column("RESERVED", row -> Dollars.of(row.path("reserved"))),
              Column.field(by.name().toUpperCase(Locale.ROOT), "key")));
      JsonNode budgets = context.api().get(Route.of("budgets")).path("items");
      if (!budgets.isEmpty()) {
        output.heading("Budgets");
        output.table(
            budgets,
            List.of(
                new Column("USED", Dollars::bar),
                new Column("SPENT", b -> Dollars.of(b.path("spent"))),
                new Column("SOFT", b -> Dollars.of(b.path("soft"))),
                new Column("HARD", b -> Dollars.of(b.path("hard"))),
                Column.field("WINDOW", "window"),
                Column.field("SCOPE", "scope"),
                Column.field("SUBJECT", "subject")));
      }
    }

    private static Column tokens(String title, String field) {
      return new Column(title, row -> Output.text(row.path("usage"), field));
    }

    private static String spent(JsonNode row) {
      return (row.path("estimated").asBoolean() ? "~" : "") + Dollars.of(row.path("spent"));
    }

    static Instant instant(String text, Instant now) {
      try {
        if (text.matches("\\d{1,5}[hd]")) {
          long number = Long.parseLong(text.substring(0, text.length() - 1));
          return now.minus(text.endsWith("h") ? Duration.ofHours(number) : Duration.ofDays(number));
        }
        return text.matches("\\d{4}-\\d\\d-\\d\\d")
            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
            : Instant.parse(text);
      } catch (DateTimeException _) {
        throw CliFailure.usage(
            "--since is 24h, 7d, a day such as 2026-01-31, or an instant such as"
                + " 2026-01-31T12:00:00Z, not '%s'.".formatted(Glyphs.line(text)));
      }
    }
  }
}
