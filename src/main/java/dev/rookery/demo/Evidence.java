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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what happened, where it is on record. */
final class Evidence {
  private final ServerApi api;
  private final LocalBotApi bot;
  private final ToolLedger ledger;

  /**
   * What the demonstration itself saw.
   *
   * @param statuses what each delivery was answered, by message
   * @param forgedStatus what the one with a wrong secret was answered
   * @param tail the journal as it was read while it happened
   */
  record Seen(
      Map<Story.Line, List<Integer>> statuses,
      int forgedStatus,
      List<Findings.Crash> crashes,
      List<Entry> tail) {}

  Evidence(ServerApi api, LocalBotApi bot, ToolLedger ledger) {
    this.api = api;
    this.bot = bot;
    this.ledger = ledger;
  }

  Findings gather(Seen seen) throws InterruptedException {
    List<JsonNode> events = api.all("/api/v1/events");
    List<JsonNode> runs = new ArrayList<>();
    for (JsonNode run : api.all("/api/v1/runs")) {
      runs.add(api.get("/api/v1/runs/" + run.path("id").asText()));
    }
    List<Entry> journal = JournalTail.whole(api);
    List<Fate> fates = new ArrayList<>();
    seen.statuses().forEach((line, statuses) -> fates.add(fate(line, statuses, events, runs)));
    return new Findings(
        fates,
        door(seen, events, runs),
        steps(seen.statuses().keySet(), runs, journal),
        tools(),
        chronicle(journal, seen.tail()),
        unknown(runs),
        seen.crashes());
  }

  private Fate fate(
      Story.Line line, List<Integer> statuses, List<JsonNode> events, List<JsonNode> runs) {
    List<JsonNode> own = runs.stream().filter(run -> in(line, run)).toList();
    return new Fate(
        line.name(),
        line.wantsReply(),
        (int) statuses.stream().filter(status -> status / 100 == 2).count(),
        (int) events.stream().filter(event -> in(line, event)).count(),
        own.size(),
        (int) own.stream().filter(run -> run.path("state").asText().equals("done")).count(),
        bot.messages(line.chat()).size());
  }

  private static boolean in(Story.Line line, JsonNode json) {
    return json.path("conversation").asText().endsWith(":" + line.chat());
  }

  private Findings.Door door(Seen seen, List<JsonNode> events, List<JsonNode> runs)
      throws InterruptedException {
    int repeats = seen.statuses().values().stream().mapToInt(statuses -> statuses.size() - 1).sum();
    long duplicates =
        api.all("/api/v1/ingress").stream()
            .filter(entry -> entry.path("decision").asText().equals("duplicate"))
            .count();
    Fate forged = fate(Story.FORGED, List.of(), events, runs);
    return new Findings.Door(
        repeats,
        (int) duplicates,
        seen.forgedStatus(),
        forged.events() + forged.runs() + forged.replies());
  }

  /** Finished steps as the runs have them; repeats as the journal tells them. */
  private static Steps steps(Set<Story.Line> lines, List<JsonNode> runs, List<Entry> journal) {
    int expected = lines.stream().mapToInt(Story.Line::steps).sum();
    int finished = 0;
    for (JsonNode run : runs) {
      for (JsonNode step : run.path("steps")) {
        finished += step.path("state").asText().equals("done") ? 1 : 0;
      }
    }
    Set<String> over = new HashSet<>();
    Set<String> begun = new HashSet<>();
    int repeated = 0;
    int interrupted = 0;
    for (Entry entry : journal) {
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

  private List<ToolUse> tools() {
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

  private Unknown unknown(List<JsonNode> runs) throws InterruptedException {
    int steps = 0;
    for (JsonNode run : runs) {
      for (JsonNode step : run.path("steps")) {
        steps += step.path("state").asText().equals("unknown") ? 1 : 0;
      }
    }
    return new Unknown(steps, api.all("/api/v1/deliveries?state=unknown").size());
  }
}
