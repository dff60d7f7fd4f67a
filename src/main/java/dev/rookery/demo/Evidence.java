package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.demo.Findings.Chronicle;
import dev.rookery.demo.Findings.Fate;
import dev.rookery.demo.Findings.Steps;
import dev.rookery.demo.Findings.ToolUse;
import dev.rookery.demo.Findings.Unknown;
import dev.rookery.demo.JournalTail.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Counts what happened, where it is on record. */
final class Evidence {
  private final LocalBotApi bot;
  private final ToolLedger ledger;

  /**
   * What the server has on record.
   *
   * @param runs each with its steps
   * @param undecided deliveries whose outcome nobody knows
   */
  record Books(
      List<JsonNode> events,
      List<JsonNode> runs,
      List<JsonNode> ingress,
      List<JsonNode> undecided,
      List<Entry> journal) {

    static Books read(ServerApi api) throws InterruptedException {
      List<JsonNode> runs = new ArrayList<>();
      for (JsonNode run : api.all("/api/v1/runs")) {
        runs.add(api.get("/api/v1/runs/" + run.path("id").asText()));
      }
      return new Books(
          api.all("/api/v1/events"),
          runs,
          api.all("/api/v1/ingress"),
          api.all("/api/v1/deliveries?state=unknown"),
          JournalTail.whole(api));
    }
  }

  /**
   * What the demonstration itself saw.
   *
   * @param statuses what each delivery was answered, by message
   * @param forgedStatus what the one with a wrong secret was answered
   * @param tail the journal as it was read while it happened
   * @param hands what was seen of the agent's hands
   */
  record Seen(
      Map<Story.Line, List<Integer>> statuses,
      int forgedStatus,
      List<Findings.Crash> crashes,
      List<Entry> tail,
      HandsEvidence.Seen hands) {}

  Evidence(LocalBotApi bot, ToolLedger ledger) {
    this.bot = bot;
    this.ledger = ledger;
  }

  Findings count(Books books, Seen seen) {
    List<Fate> fates = new ArrayList<>();
    Map<Story.Line, List<Integer>> accounted = new LinkedHashMap<>(seen.statuses());
    accounted.keySet().retainAll(Story.LINES);
    accounted.forEach((line, statuses) -> fates.add(fate(line, statuses, books)));
    return new Findings(
        fates,
        door(seen, books),
        steps(accounted.keySet(), books),
        tools(ledger),
        chronicle(books.journal(), seen.tail()),
        new Unknown(
            (int) steps(live(books)).filter(step -> isIn("unknown", step)).count(),
            books.undecided().size()),
        seen.crashes(),
        new HandsEvidence(bot, ledger).count(books, seen.hands(), acknowledged(seen)));
  }

  private static Set<Story.Line> acknowledged(Seen seen) {
    Set<Story.Line> lines = new HashSet<>(seen.statuses().keySet());
    lines.removeIf(
        line ->
            seen.statuses().getOrDefault(line, List.of()).stream().noneMatch(s -> s / 100 == 2));
    return lines;
  }

  private Fate fate(Story.Line line, List<Integer> statuses, Books books) {
    List<JsonNode> runs = in(line, books.runs());
    return new Fate(
        line.name(),
        line.wantsReply(),
        (int) statuses.stream().filter(status -> status / 100 == 2).count(),
        in(line, books.events()).size(),
        runs.size(),
        (int) runs.stream().filter(run -> isIn("done", run)).count(),
        bot.messages(line.chat()).size());
  }

  static List<JsonNode> in(Story.Line line, List<JsonNode> items) {
    return items.stream().filter(item -> line.isIn(item.path("conversation").asText())).toList();
  }

  static boolean isDuplicate(JsonNode ingress) {
    return ingress.path("decision").asText().equals("duplicate");
  }

  static boolean isIn(String state, JsonNode item) {
    return item.path("state").asText().equals(state);
  }

  private static Stream<JsonNode> steps(Stream<JsonNode> runs) {
    return runs.flatMap(run -> run.path("steps").valueStream());
  }

  /** A run that a person stopped has no outcome that anybody would have to decide. */
  private static Stream<JsonNode> live(Books books) {
    return books.runs().stream().filter(run -> !isIn("cancelled", run));
  }

  private Findings.Door door(Seen seen, Books books) {
    int repeats = seen.statuses().values().stream().mapToInt(statuses -> statuses.size() - 1).sum();
    Fate forged = fate(Story.FORGED, List.of(), books);
    return new Findings.Door(
        repeats,
        (int) books.ingress().stream().filter(Evidence::isDuplicate).count(),
        seen.forgedStatus(),
        forged.events() + forged.runs() + forged.replies());
  }

  /** Finished steps as the runs have them; repeats as the journal tells them. */
  private static Steps steps(Set<Story.Line> lines, Books books) {
    int expected = lines.stream().mapToInt(Story.Line::steps).sum();
    Stream<JsonNode> runs = lines.stream().flatMap(line -> in(line, books.runs()).stream());
    int finished = (int) steps(runs).filter(step -> isIn("done", step)).count();
    Set<String> over = new HashSet<>();
    Set<String> begun = new HashSet<>();
    int repeated = 0;
    int interrupted = 0;
    for (Entry entry : books.journal()) {
      String step = entry.subject() + " " + entry.field("step");
      if (entry.is("step.finished")) {
        repeated += over.add(step) ? 0 : 1;
      } else if (entry.is("step.started") && over.contains(step)) {
        repeated++;
      } else if (entry.is("step.started")) {
        begun.add(step);
      } else if (entry.is("run.recovered")) {
        interrupted += openStep(begun, over, entry.subject());
      }
    }
    return new Steps(expected, finished, repeated, interrupted);
  }

  /** 1 when the run had a step under way. */
  private static int openStep(Set<String> begun, Set<String> over, String run) {
    return (int)
        begun.stream().filter(s -> s.startsWith(run + " ") && !over.contains(s)).limit(1).count();
  }

  static List<ToolUse> tools(ToolLedger ledger) {
    List<ToolUse> tools = new ArrayList<>();
    for (Story.DeskTool tool : Story.TOOLS) {
      List<ToolLedger.Call> calls =
          ledger.calls().stream().filter(call -> call.tool().equals(tool.name())).toList();
      int lookups = (int) calls.stream().filter(ToolLedger.Call::lookup).count();
      tools.add(
          new ToolUse(
              tool.name(),
              tool.effectClass(),
              tool.effects(),
              (int) ledger.effects().stream().filter(e -> e.tool().equals(tool.name())).count(),
              calls.size() - lookups,
              lookups));
    }
    return tools;
  }

  private static Chronicle chronicle(List<Entry> journal, List<Entry> tail) {
    Map<Long, Entry> bySeq = new HashMap<>();
    long last = 0;
    for (Entry entry : journal) {
      bySeq.put(entry.seq(), entry);
      last = Math.max(last, entry.seq());
    }
    int changed =
        (int) tail.stream().filter(entry -> !entry.equals(bySeq.get(entry.seq()))).count();
    return new Chronicle(journal.size(), (int) (last - bySeq.size()), changed);
  }
}
