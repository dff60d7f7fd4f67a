package dev.rookery.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Every bench runs, counts right and prints what it shall; how fast it was is not asserted. */
final class BenchCommandIT {
  /** Stands for the program, which gives {@code --json} to all of its commands. */
  @Command(name = "rookery", subcommands = BenchCommand.class)
  static final class Program implements Runnable {
    @Option(names = "--json", scope = ScopeType.INHERIT)
    private boolean json;

    @Override
    public void run() {
      throw new IllegalStateException("a command is needed; json is " + json);
    }
  }

  private record Ended(int exit, String out, String err) {}

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new Program())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(exit, out.toString(), err.toString());
  }

  private static List<JsonNode> rows(String bench) {
    Ended ended = run("bench", bench, "--quick", "--json");
    assertThat(ended.exit()).as(ended.err()).isZero();
    JsonNode json = Json.parse(ended.out());
    assertThat(json.path("bench").asText()).isEqualTo(bench);
    JsonNode machine = json.path("machine");
    assertThat(machine.path("cpus").asInt()).isPositive();
    assertThat(machine.path("fsync_ms").asDouble()).isPositive();
    assertThat(machine.path("java").asText()).contains("25");
    List<JsonNode> rows = new ArrayList<>();
    json.path("rows").forEach(rows::add);
    assertThat(rows).allSatisfy(BenchCommandIT::isWellFormed);
    return rows;
  }

  private static void isWellFormed(JsonNode row) {
    assertThat(row.path("name").asText()).isNotBlank();
    assertThat(row.path("unit").asText()).isNotBlank();
    assertThat(row.has("aim")).isTrue();
    if (row.path("value").isNull()) {
      assertThat(row.path("note").asText()).isNotBlank();
      assertThat(row.path("ok").isNull()).isTrue();
    } else {
      assertThat(row.path("value").isNumber()).isTrue();
      assertThat(row.path("min").asDouble()).isLessThanOrEqualTo(row.path("max").asDouble());
      assertThat(row.path("ok").isBoolean()).isEqualTo(row.path("aim").isNumber());
    }
  }

  private static List<String> names(List<JsonNode> rows) {
    return rows.stream().map(row -> row.path("name").asText()).toList();
  }

  @Test
  void audited_changes_and_a_verification_are_reported() {
    assertThat(names(rows("audit")))
        .contains("changes that are audited", "verification of 1,000 records");
  }

  @Test
  void runs_are_counted_and_reported() {
    List<JsonNode> rows = rows("runs");

    assertThat(names(rows)).containsExactly("runs on SQLite", "runs on PostgreSQL");
    assertThat(rows.getFirst().path("value").asDouble()).isPositive();
    assertThat(rows.getLast().path("note").asText()).contains("--database-url");
  }

  @Test
  void accepted_webhooks_are_held_against_raw_commits() {
    List<JsonNode> rows = rows("ingest");

    assertThat(names(rows))
        .contains("accepted at 1", "raw commits at 16", "accepted to raw at 128")
        .contains("accept p50 at 128", "accept p99 at 200/s");
  }

  @Test
  void turns_are_timed_alone_and_together() {
    assertThat(names(rows("turn")))
        .contains("turn p95, 1 at a time", "turn p50, 8 at a time", "turn p99, 8 at a time");
  }

  @Test
  void a_start_is_timed_until_it_is_ready() {
    List<JsonNode> rows = rows("start");

    assertThat(names(rows))
        .containsExactly(
            "start to ready, no AOT cache", "start to ready, AOT cache", "resident memory, idle");
    assertThat(rows.get(1).path("note").asText()).contains("launcher");
  }

  @Test
  void idle_agents_are_weighed() {
    assertThat(names(rows("idle"))).contains("extra memory of 100 agents");
  }

  @Test
  void a_budget_holds_against_fifty_at_once() {
    List<JsonNode> rows = rows("budget");

    assertThat(names(rows)).startsWith("reservations on SQLite", "spent of $1.00 on SQLite");
    assertThat(rows.get(1).path("ok").asBoolean()).isTrue();
    assertThat(rows.get(1).path("value").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void subscribers_get_every_record_once_and_after_a_storm_too() {
    List<JsonNode> rows = rows("streams");

    assertThat(names(rows))
        .contains("SSE delivery, p50", "SSE delivery, p99", "SSE reconnect storm");
    assertThat(rows)
        .filteredOn(row -> row.path("name").asText().contains(" records "))
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(row -> row.path("ok").asBoolean());
  }

  @Test
  void next_times_are_counted_and_impossible_ones_refused() {
    List<JsonNode> rows = rows("schedules");

    assertThat(names(rows))
        .contains("impossible expression refused, p99", "next times of cron expressions")
        .contains("due-scan among 100 schedules, p99", "fires without runs, one after another")
        .contains("missed at 2 fires/s, without runs", "missed at 2 fires/s, with their runs")
        .contains("lateness of a 1 s schedule, real clock, p99");
    assertThat(rows)
        .filteredOn(row -> row.path("name").asText().contains("simulated hour"))
        .extracting(row -> row.path("value").asInt())
        .containsExactly(360);
  }

  @Test
  void sandboxes_are_timed_beside_a_plain_process() {
    assertThat(names(rows("sandbox"))).contains("plain process, p50", "bubblewrap, p50");
  }

  @Test
  void cancels_are_timed_until_no_tool_starts_and_all_processes_are_dead() {
    List<JsonNode> rows = rows("cancel");

    assertThat(names(rows)).hasSize(8).allMatch(name -> name.matches(".*, (p50|p95|p99|max)"));
    assertThat(rows.stream().filter(row -> row.path("aim").isNumber()))
        .extracting(row -> row.path("aim").asInt())
        .containsExactly(1_000, 5_000);
  }

  @Test
  void a_bench_that_cannot_be_done_ends_with_one() {
    Ended ended =
        run("bench", "idle", "--quick", "--database-url", "jdbc:postgresql://localhost/x");

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("leave out --database-url");
  }

  @Test
  void without_a_name_nothing_is_measured() {
    Ended ended = run("bench");

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("cancel, schedules, streams, workers, api or audit");
  }

  @Test
  void policy_counts_decisions() {
    assertThat(rows("policy"))
        .extracting(row -> row.path("name").asText())
        .containsExactly("decisions, mixed calls", "decisions, command lines only");
  }
}
