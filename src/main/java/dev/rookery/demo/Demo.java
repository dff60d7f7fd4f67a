package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.Screen.Tone;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The demonstration: a real server in a process of its own, messages through its real webhook, and
 * two kills in the middle of a run. What it proves is counted in the end.
 */
final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int AT_ONCE = 10;
  private static final int KILLS = 2;

  private final Screen screen;
  private final Workplace workplace;
  private final LocalBotApi bot;
  private final ToolServer tools;
  private final Narrator narrator;
  private final SampleUpdates updates;
  private final Map<Story.Line, List<Integer>> statuses = new LinkedHashMap<>();
  private final List<Crash> crashes = new ArrayList<>();
  private int forgedStatus;

  /** A server that answers, and what we hold of it. */
  private record Live(ServerProcess process, ServerApi api, Desk desk, JournalTail journal) {}

  Demo(Screen screen, Workplace workplace, LocalBotApi bot, ToolServer tools) {
    this.screen = screen;
    this.workplace = workplace;
    this.bot = bot;
    this.tools = tools;
    this.narrator = new Narrator(screen, bot);
    this.updates = new SampleUpdates(bot.bot(), InstantSource.system(), 90_001);
  }

  Report play() throws InterruptedException {
    long begin = System.nanoTime();
    Live live = open();
    oneMessage(live);
    tenAtOnce(live);
    forged(live);
    live = killInKeyedStep(live);
    live = killInReconcilableStep(live);
    Findings findings = gather(live);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new Report(VerdictRules.judge(findings, Story.LINES.size(), KILLS), took);
  }

  private Live open() throws InterruptedException {
    screen.section(
        "A real server on an empty directory",
        "A shop's order desk answers on Telegram. The server is a process of its own, and is killed.");
    ServerProcess process = workplace.start(0);
    URI url = ready(process);
    ServerApi api = new ServerApi(url, process.key());
    fact("directory", workplace.place().dataDir() + " (SQLite)");
    fact("chat", bot.baseUrl() + " speaks Telegram's Bot API; no account is needed");
    Desk desk = Desk.setUp(api, bot, tools);
    fact("agent", "@" + Story.AGENT + " at the order desk of a shop, on the scripted model");
    for (Story.DeskTool tool : Story.TOOLS) {
      fact("tool", "%-14s %s".formatted(tool.name(), tool.effectClass()));
    }
    JournalTail journal = new JournalTail(api);
    journal.catchUp();
    return new Live(process, api, desk, journal);
  }

  private URI ready(ServerProcess process) throws InterruptedException {
    screen.beginWaiting();
    URI url = process.awaitReady(screen::waiting);
    fact(
        "server",
        "process %d answers at %s after %d ms"
            .formatted(process.pid(), url, process.age().toMillis()));
    return url;
  }

  private void oneMessage(Live live) throws InterruptedException {
    screen.section(
        "A message becomes a run and one reply",
        "Every link from message to reply is on record, with its reason; so is why nobody woke.");
    narrator.restartClock();
    send(live, Story.QUESTION);
    answered(live, Story.QUESTION);
    screen.line("");
    narrator.restartClock();
    send(live, Story.CHATTER);
    Entry event =
        await(
            live,
            entry -> entry.is("event.accepted") && entry.in(Story.CHATTER),
            "the event of " + Story.CHATTER.name());
    await(
        live,
        entry -> entry.is("activation.decided") && entry.subject().equals(event.subject()),
        "the decision about " + Story.CHATTER.name());
  }

  private void tenAtOnce(Live live) throws InterruptedException {
    screen.section(
        "The same message ten times at once",
        "Telegram repeats what it is not sure about; one delivery is one event, run and reply.");
    narrator.restartClock();
    ObjectNode update = Story.REPEATED.update(updates);
    List<Integer> answers = together(() -> live.desk().deliver(bot, update));
    statuses.put(Story.REPEATED, answers);
    fact("webhook", answers.size() + " deliveries, answered " + distinct(answers));
    answered(live, Story.REPEATED);
    long refused = live.api().all("/api/v1/ingress").stream().filter(Evidence::isDuplicate).count();
    fact("on record", refused + " of them refused as duplicates of the first");
  }

  private static String distinct(List<Integer> statuses) {
    return statuses.stream()
        .distinct()
        .map(status -> Integer.toString(status))
        .collect(Collectors.joining(", "));
  }

  private static List<Integer> together(Callable<Integer> work) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> done : threads.invokeAll(Collections.nCopies(AT_ONCE, work))) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new DemoFailure("The webhook could not be reached: " + e.getCause() + ".");
    }
  }

  private void forged(Live live) throws InterruptedException {
    screen.section(
        "A message with a wrong secret",
        "What does not come from Telegram is refused at the door and leads to nothing.");
    forgedStatus = live.desk().forge(bot, Story.FORGED.update(updates));
    long events = Evidence.in(Story.FORGED, live.api().all("/api/v1/events")).size();
    fact("webhook", "answered %d; it left %d events".formatted(forgedStatus, events));
  }

  private Live killInKeyedStep(Live live) throws InterruptedException {
    screen.section(
        "kill -9 in the middle of a step",
        "The stock is reserved, the server dies before it hears so: nothing is lost or done twice.");
    narrator.restartClock();
    tools.ledger().hold(Story.KEYED);
    send(live, Story.ORDER);
    stopped(live, Story.KEYED);
    return killAfter(live, Story.BEFORE_FIRST_KILL, Story.RECONCILABLE);
  }

  private Live killInReconcilableStep(Live live) throws InterruptedException {
    answered(live, Story.BEFORE_FIRST_KILL);
    stopped(live, Story.RECONCILABLE);
    screen.section(
        "kill -9 again, further on in the same run",
        "The note is written, the server dies: the next one looks it up and writes no second.");
    narrator.restartClock();
    Live next = killAfter(live, Story.BEFORE_SECOND_KILL, "");
    answered(next, Story.ORDER);
    answered(next, Story.BEFORE_SECOND_KILL);
    for (Findings.ToolUse use : Evidence.tools(tools.ledger())) {
      fact("ledger", VerdictRules.used(use));
    }
    return next;
  }

  /** The tool has taken effect, its answer is kept back, and the journal has the step's start. */
  private void stopped(Live live, String tool) throws InterruptedException {
    await(
        live,
        entry -> entry.is("step.started") && entry.field("name").equals(tool),
        "the call of " + tool);
    if (!tools.ledger().awaitStopped(tool, PATIENCE)) {
      throw new DemoFailure("The tool " + tool + " was not called in time.");
    }
    fact("ledger", tool + " took effect; its answer is kept back");
  }

  /**
   * Accepts one more message, kills, and starts again on the same directory and port.
   *
   * @param nextHeld the tool that is stopped at next; empty for none
   */
  private Live killAfter(Live live, Story.Line last, String nextHeld) throws InterruptedException {
    send(live, last);
    live.process().kill();
    int code = live.process().awaitEnd();
    String status = distinct(statuses.getOrDefault(last, List.of()));
    fact("webhook", "%s writes “%s”, answered %s".formatted(last.person(), last.text(), status));
    String killed = "process %d, exit code %d".formatted(live.process().pid(), code);
    screen.happened(new Screen.Happening("", "", "SIGKILL", killed), Tone.BAD);
    tools.ledger().hold(nextHeld);
    ServerProcess process = workplace.start(live.api().server().getPort());
    URI url = ready(process);
    ServerApi api = new ServerApi(url, process.key());
    live.journal().attach(api);
    Live next = new Live(process, api, live.desk(), live.journal());
    int before = crashes.size();
    await(next, entry -> recoveries(next) > before, "the interrupted run to be taken up again");
    crashes.add(new Crash(code, process.age().toMillis()));
    return next;
  }

  private static long recoveries(Live live) {
    return live.journal().entries().stream()
        .filter(entry -> entry.is("run.recovered") && entry.in(Story.ORDER))
        .count();
  }

  private void send(Live live, Story.Line line) {
    int status = live.desk().deliver(bot, line.update(updates));
    statuses.computeIfAbsent(line, _ -> new ArrayList<>()).add(status);
  }

  /** Until the reply is sent and the run is over. */
  private void answered(Live live, Story.Line line) throws InterruptedException {
    for (String kind : List.of("run.finished", "delivery.sent")) {
      await(
          live,
          entry -> entry.is(kind) && entry.in(line),
          kind + " for " + line.name() + ", “" + line.text() + "”");
    }
  }

  private Entry await(Live live, Predicate<Entry> wanted, String what) throws InterruptedException {
    return live.journal().until(wanted, what, PATIENCE, narrator::tell);
  }

  private void fact(String kind, String what) {
    screen.happened(new Screen.Happening("", "", kind, what), Tone.PLAIN);
  }

  private Findings gather(Live live) throws InterruptedException {
    screen.section(
        "What was proven",
        "Counted in the journal, through the API, in the tools' ledger and in the chat.");
    live.journal().catchUp();
    Evidence.Seen seen =
        new Evidence.Seen(statuses, forgedStatus, crashes, live.journal().entries());
    return new Evidence(bot, tools.ledger()).count(Evidence.Books.read(live.api()), seen);
  }
}
