package dev.rookery.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.approvals.Approvals;
import dev.rookery.crash.Plan.Round;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.delivery.Outbox;
import dev.rookery.delivery.Senders;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Events;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.ModelMessage;
import dev.rookery.orgs.Orgs;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.runs.Step;
import dev.rookery.runs.StepState;
import dev.rookery.spend.Prices;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is to be true after the crashes, whatever they hit. */
final class CrashOutcome implements AutoCloseable {
  private final Crash crash;
  private final Database database;
  private final Journal journal;
  private final Runs runs;
  private final Deliveries deliveries;
  private final OrgId org;
  private final Map<String, List<Run>> byLine = new HashMap<>();

  CrashOutcome(Crash crash) {
    this.crash = crash;
    this.database = crash.open();
    this.journal = new Journal(database);
    Conversations conversations = new Conversations(database);
    Outbox outbox = new Outbox(conversations, new Senders(List.of()), journal);
    Approvals.Places places = new Approvals.Places(conversations, outbox);
    this.runs =
        new Runs(
            database,
            journal,
            outbox,
            new Runs.Gates(
                new Approvals(database, journal, places, (_, _, _, _) -> ""),
                new Spend(
                    database, journal, new Prices(database, journal, Path.of("prices.yaml")))));
    this.deliveries = new Deliveries(database, journal);
    this.org = new Orgs(database, journal).list().getFirst().id();
    for (Run run : runs.list(org, new Runs.Query(null, null, null, 10_000))) {
      byLine.merge(line(run), List.of(run), CrashOutcome::both);
    }
  }

  private static List<Run> both(List<Run> some, List<Run> more) {
    return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
  }

  private String line(Run run) {
    return runs.detail(org, run.id()).said().getFirst() instanceof ModelMessage.User(String text)
        ? text
        : "";
  }

  private List<Run> runsOf(String line) {
    return byLine.getOrDefault(line, List.of());
  }

  /** One run, one reply, and as many effects as the class promises. */
  void check(Round round, String tool) {
    String line = round.line(tool);
    assertThat(runsOf(line)).as("runs of '%s'", line).hasSize(1);
    Run run = runsOf(line).getFirst();
    assertThat(run.status().state()).as("run %s", run).isEqualTo(RunState.DONE);
    boolean asked = lines(crash.asked(), line) == 1;
    assertThat(asked || lines(crash.asked(), line) == 0).as("asked once at most").isTrue();
    if (!mayBeEither(round, tool)) {
      assertThat(asked).as("whether a person was asked").isEqualTo(isUnknown(round, tool));
    }
    if (round.inSandbox()) {
      checkCommand(round, tool, run, asked);
    } else {
      checkEffects(round, tool);
    }
    checkApprovals(round, line, run);
    checkMessages(round, tool, run, (asked ? 1 : 0) + (round.asks() ? 1 : 0));
    checkSteps(run);
  }

  private static long lines(List<String> said, String line) {
    return said.stream().filter(one -> one.contains(line + "\"")).count();
  }

  /** Whether it was over before the kill is a matter of milliseconds. */
  private static boolean mayBeEither(Round round, String tool) {
    return tool.equals("bash_brief") && round.boundary().equals(Round.IN_CALL);
  }

  /** Done by the exit code that its shell recorded, or a person said so; started once. */
  private void checkCommand(Round round, String tool, Run run, boolean asked) {
    Step step =
        runs.detail(org, run.id()).steps().stream()
            .map(Runs.SeenStep::step)
            .filter(one -> one.kind() == Step.Kind.TOOL)
            .reduce((_, _) -> null)
            .orElseThrow();
    assertThat(step.state()).isEqualTo(StepState.DONE);
    assertThat(step.attempts()).isEqualTo(1);
    assertThat(step.body().response())
        .contains(asked ? "A person confirmed that this happened" : "[exit code 7]");
    List<String> effects = ledger(round, tool);
    if (round.boundary().equals("TOOL_STARTED")) {
      assertThat(effects).isEmpty();
    } else if (tool.equals("bash_late")) {
      assertThat(effects).hasSizeLessThanOrEqualTo(1);
    } else {
      assertThat(effects).containsExactly(round.line(tool));
    }
  }

  private List<String> ledger(Round round, String tool) {
    Path ledger = crash.home(round).resolve("ledger-" + tool);
    try {
      return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A person is asked and answers once, whatever happened in between. */
  private void checkApprovals(Round round, String line, Run run) {
    List<String> kinds =
        journal.after(org, 0, 100_000).stream()
            .map(JournalRecord::entry)
            .filter(entry -> entry.kind().startsWith("approval."))
            .filter(entry -> entry.data().path("run").asText().equals(run.id().value()))
            .map(JournalEntry::kind)
            .toList();
    if (round.asks()) {
      assertThat(kinds).containsExactly("approval.requested", "approval.allowed");
      assertThat(lines(crash.allowed(), line)).isEqualTo(1);
    } else {
      assertThat(kinds).isEmpty();
    }
  }

  private static boolean isUnknown(Round round, String tool) {
    boolean began =
        List.of("TOOL_STARTED", "TOOL_PERFORMED", Round.IN_CALL).contains(round.boundary());
    return switch (tool) {
      case "unsafe", "sandbox_lost" -> began;
      case "sandbox", "bash" -> round.boundary().equals("TOOL_STARTED");
      case "bash_long", "bash_late" -> round.boundary().equals(Round.IN_CALL);
      default -> false;
    };
  }

  private void checkEffects(Round round, String tool) {
    List<EffectLedger.Effect> effects = crash.tools().of(round.line(tool));
    assertThat(effects.stream().map(EffectLedger.Effect::key).distinct().toList())
        .as("idempotency keys of one call")
        .hasSizeLessThanOrEqualTo(1);
    if (round.boundary().equals("TOOL_STARTED") && isUnknown(round, tool)) {
      assertThat(effects).as("never carried out, as a person said that it happened").isEmpty();
    } else if (tool.equals("pure") && !round.asks()) {
      assertThat(effects).isNotEmpty();
    } else {
      assertThat(effects).hasSize(1);
    }
  }

  private void checkMessages(Round round, String tool, Run run, int questions) {
    List<LocalBotApi.Message> said = crash.botApi().messages(round.person(tool));
    List<LocalBotApi.Message> replies =
        said.stream().filter(m -> m.text().startsWith("Done: ")).toList();
    assertThat(said.size() - replies.size()).as("questions").isEqualTo(questions);
    Delivery reply =
        deliveries.list(org, new Deliveries.Query(null, run.id(), null, null, 10)).stream()
            .filter(d -> d.message().markdown().startsWith("Done: "))
            .reduce((_, _) -> null)
            .orElseThrow();
    boolean mayBeUnknown = List.of("REPLIED", Round.SENDING).contains(round.boundary());
    if (mayBeUnknown && reply.progress().state() == Delivery.State.UNKNOWN) {
      assertThat(replies).hasSizeLessThanOrEqualTo(1);
    } else {
      assertThat(reply.progress().state()).isEqualTo(Delivery.State.SENT);
      assertThat(replies).hasSize(1);
    }
  }

  /** Attempts count up by one, and nothing follows the end of a step. */
  private void checkSteps(Run run) {
    Map<Integer, Integer> started = new HashMap<>();
    Map<Integer, String> ended = new HashMap<>();
    for (JournalRecord one : journal.about(org, run.id().value(), 1_000)) {
      int step = one.entry().data().path("step").asInt();
      switch (one.entry().kind()) {
        case "step.started" -> {
          assertThat(ended).as("step %d of %s is started", step, run.id()).doesNotContainKey(step);
          int attempt = one.entry().data().path("attempt").asInt();
          assertThat(attempt).isEqualTo(started.merge(step, 1, Integer::sum));
        }
        case "step.finished", "step.resolved" ->
            assertThat(ended.put(step, one.entry().kind())).as("step %d ends once", step).isNull();
        case "run.finished" -> assertThat(ended.put(0, "run")).as("ends of the run").isNull();
        default -> {}
      }
    }
    assertThat(ended).containsKey(0);
    for (Runs.SeenStep seen : runs.detail(org, run.id()).steps()) {
      assertThat(ended).containsKey(seen.step().seq());
      if (started.containsKey(seen.step().seq())) {
        assertThat(seen.step().attempts()).isEqualTo(started.get(seen.step().seq()));
      }
    }
  }

  /** Nothing is under way, and the journal has no gap. */
  void checkWhole(int expectedRuns) {
    assertThat(byLine).hasSize(expectedRuns);
    assertThat(runs.counts(org)).containsOnlyKeys("done");
    assertThat(deliveries.counts(org))
        .doesNotContainKeys(Delivery.State.PENDING, Delivery.State.SENDING, Delivery.State.FAILED);
    Events events = new Events(database, journal);
    assertThat(events.list(org, new Events.Query(null, "pending", null, 10))).isEmpty();
    assertThat(events.deadLetters(org)).isZero();
    List<JournalRecord> all = journal.after(org, 0, 100_000);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).seq()).isEqualTo(i + 1);
    }
    assertThat(journal.head(org)).isEqualTo(all.size());
  }

  /** States of the replies of a round that was killed while they were being sent. */
  List<Delivery.State> replies(Round round) {
    return round.tools().stream()
        .map(tool -> runsOf(round.line(tool)).getFirst())
        .flatMap(
            run ->
                deliveries.list(org, new Deliveries.Query(null, run.id(), null, null, 9)).stream())
        .map(delivery -> delivery.progress().state())
        .toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
