package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.demo.Evidence.Books;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.Story.Line;
import java.util.List;
import java.util.Set;

/** Counts what became of hands and control, where it is on record. */
final class HandsEvidence {
  private static final String REFUSAL = "Only members can decide this";

  private final LocalBotApi bot;
  private final ToolLedger ledger;

  /** What the chapters saw themselves. */
  record Seen(
      Sandboxed sandboxed,
      ApprovalChapter.Seen approval,
      Punctuality punctuality,
      List<CancelChapter.Stopped> stopped,
      Hands.Purse purse) {}

  HandsEvidence(LocalBotApi bot, ToolLedger ledger) {
    this.bot = bot;
    this.ledger = ledger;
  }

  /**
   * @param accepted the messages that were acknowledged
   */
  Hands count(Books books, Seen seen, Set<Line> accepted) {
    return new Hands(
        seen.sandboxed(),
        permission(books, seen.approval().lastBeforeKill()),
        seen.punctuality(),
        seen.stopped().stream().map(stopped -> stop(stopped, books)).toList(),
        seen.purse(),
        later(books, accepted.stream().filter(HandsStory.LINES::contains).toList()));
  }

  private static Hands.Later later(Books books, List<Line> accepted) {
    return new Hands.Later(
        accepted.size(), (int) accepted.stream().filter(line -> workedOff(books, line)).count());
  }

  private static boolean workedOff(Books books, Line line) {
    List<JsonNode> runs = Evidence.in(line, books.runs());
    boolean over =
        runs.size() == 1
            && (Evidence.isIn("done", runs.getFirst())
                || Evidence.isIn("cancelled", runs.getFirst()));
    return !Evidence.in(line, books.events()).isEmpty()
        && (line.equals(HandsStory.MORNING) ? runs.isEmpty() : over);
  }

  private Hands.Permission permission(Books books, long lastBeforeKill) {
    List<Entry> allowed = entries(books, "approval.allowed");
    List<String> asked =
        entries(books, "approval.requested").stream()
            .filter(entry -> entry.seq() <= lastBeforeKill)
            .map(Entry::subject)
            .toList();
    int afterRestart =
        (int)
            allowed.stream()
                .filter(e -> e.seq() > lastBeforeKill && asked.contains(e.subject()))
                .count();
    return new Hands.Permission(
        allowed.size(), afterRestart, refusals(), withoutPermission(books, allowed));
  }

  private static List<Entry> entries(Books books, String kind) {
    return books.journal().stream()
        .filter(entry -> entry.is(kind) && entry.field("tool").equals(HandsStory.PERMITTED))
        .toList();
  }

  private int refusals() {
    return (int)
        bot.messages(HandsStory.BACK_OFFICE).stream()
            .filter(message -> message.text().contains(REFUSAL))
            .count();
  }

  /** Starts that come before the answer, and calls beyond the number of answers. */
  private int withoutPermission(Books books, List<Entry> allowed) {
    long first = allowed.stream().mapToLong(Entry::seq).min().orElse(Long.MAX_VALUE);
    int early =
        (int)
            books.journal().stream()
                .filter(e -> e.is("step.started") && e.field("name").equals(HandsStory.PERMITTED))
                .filter(e -> e.seq() < first)
                .count();
    int calls =
        (int) ledger.calls().stream().filter(c -> c.tool().equals(HandsStory.PERMITTED)).count();
    return Math.max(early, calls - allowed.size());
  }

  private static Hands.Stop stop(CancelChapter.Stopped stopped, Books books) {
    JsonNode run =
        books.runs().stream()
            .filter(r -> r.path("id").asText().equals(stopped.run()))
            .findFirst()
            .orElseThrow(() -> new DemoFailure("The run " + stopped.run() + " is not listed."));
    return new Hands.Stop(
        stopped.name(),
        Evidence.isIn("cancelled", run),
        stopped.overMillis(),
        stopped.deadMillis(),
        stopped.processesLeft(),
        stepsAfter(books.journal(), stopped.run()),
        run.at("/spend/reserved").decimalValue().movePointRight(6).longValue());
  }

  static int stepsAfter(List<Entry> journal, String run) {
    long over =
        journal.stream()
            .filter(entry -> entry.is("run.finished") && entry.subject().equals(run))
            .mapToLong(Entry::seq)
            .min()
            .orElse(Long.MAX_VALUE);
    return (int)
        journal.stream()
            .filter(e -> e.is("step.started") && e.subject().equals(run) && e.seq() > over)
            .count();
  }
}
