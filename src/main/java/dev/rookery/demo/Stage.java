package dev.rookery.demo;

import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.Screen.Tone;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all chapters share: the server as it runs now, its journal, the chat, and the people. */
final class Stage {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Screen screen;
  private final Workplace workplace;
  private final LocalBotApi bot;
  private final ToolServer tools;
  private final Narrator narrator;
  private final SampleUpdates updates;
  private final Map<Story.Line, List<Integer>> statuses = new LinkedHashMap<>();
  private @Nullable Live live;

  /** A server that answers, and what we hold of it. */
  private record Live(ServerProcess process, ServerApi api, Desk desk, JournalTail journal) {}

  Stage(Screen screen, Workplace workplace, LocalBotApi bot, ToolServer tools) {
    this.screen = screen;
    this.workplace = workplace;
    this.bot = bot;
    this.tools = tools;
    this.narrator = new Narrator(screen, bot);
    this.updates = new SampleUpdates(bot.bot(), InstantSource.system(), 90_001);
  }

  /** Starts the server and sets up the desk. */
  void open() throws InterruptedException {
    ServerProcess process = workplace.start(0);
    URI url = ready(process);
    ServerApi api = new ServerApi(url, process.key());
    fact("directory", workplace.place().dataDir() + " (SQLite)");
    fact("chat", bot.baseUrl() + " speaks Telegram's Bot API; no account is needed");
    Desk desk = Desk.setUp(api, bot, tools);
    JournalTail journal = new JournalTail(api);
    journal.catchUp();
    live = new Live(process, api, desk, journal);
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

  private Live live() {
    if (live == null) {
      throw new IllegalStateException("the stage is not open yet");
    }
    return live;
  }

  ServerApi api() {
    return live().api();
  }

  Desk desk() {
    return live().desk();
  }

  JournalTail journal() {
    return live().journal();
  }

  /** Since the start of the server that runs now. */
  Duration age() {
    return live().process().age();
  }

  LocalBotApi bot() {
    return bot;
  }

  ToolLedger ledger() {
    return tools.ledger();
  }

  URI toolUrl(String tool) {
    return tools.url(tool);
  }

  SampleUpdates updates() {
    return updates;
  }

  Workplace workplace() {
    return workplace;
  }

  /** What each delivery was answered, by message. */
  Map<Story.Line, List<Integer>> statuses() {
    return statuses;
  }

  /** A part of the demonstration begins; times count from its first entry. */
  void section(String title, String proves) {
    screen.section(title, proves);
    restartClock();
  }

  void restartClock() {
    narrator.restartClock();
  }

  void blank() {
    screen.line("");
  }

  void fact(String kind, String what) {
    screen.happened(new Screen.Happening("", "", kind, what), Tone.PLAIN);
  }

  /** Says that something is not shown, so that nobody takes silence for a proof. */
  void missing(String what) {
    screen.happened(new Screen.Happening("", "", "not shown", what), Tone.WARN);
  }

  int send(Story.Line line) {
    int status = desk().deliver(bot, line.update(updates));
    statuses.computeIfAbsent(line, _ -> new ArrayList<>()).add(status);
    return status;
  }

  /** Until the reply is sent and the run is over. */
  void answered(Story.Line line) throws InterruptedException {
    for (String kind : List.of("run.finished", "delivery.sent")) {
      await(
          entry -> entry.is(kind) && entry.in(line),
          kind + " for " + line.name() + ", “" + line.text() + "”");
    }
  }

  Entry await(Predicate<Entry> wanted, String what) throws InterruptedException {
    return journal().until(wanted, what, PATIENCE, narrator::tell);
  }

  /** The n-th entry of this kind in a chat, counted from 1. */
  Entry await(String kind, Story.Line line, int nth) throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    return await(
        entry -> entry.is(kind) && entry.in(line) && count.incrementAndGet() == nth,
        kind + " number " + nth + " for " + line.name());
  }

  /** The tool has taken effect, its answer is kept back, and the journal has the step's start. */
  void stopped(String tool) throws InterruptedException {
    await(
        entry -> entry.is("step.started") && entry.field("name").equals(tool),
        "the call of " + tool);
    if (!ledger().awaitStopped(tool, PATIENCE)) {
      throw new DemoFailure("The tool " + tool + " was not called in time.");
    }
    fact("ledger", tool + " took effect; its answer is kept back");
  }

  /**
   * Kills the server and starts another on the same directory and port.
   *
   * @param between what happens while no server runs
   * @return the killed one's exit code
   */
  int killAndStart(Runnable between) throws InterruptedException {
    Live before = live();
    before.process().kill();
    int code = before.process().awaitEnd();
    String killed = "process %d, exit code %d".formatted(before.process().pid(), code);
    screen.happened(new Screen.Happening("", "", "SIGKILL", killed), Tone.BAD);
    between.run();
    ServerProcess process = workplace.start(before.api().server().getPort());
    URI url = ready(process);
    ServerApi api = new ServerApi(url, process.key());
    before.journal().attach(api);
    live = new Live(process, api, before.desk(), before.journal());
    return code;
  }

  static String distinct(List<Integer> statuses) {
    return statuses.stream()
        .distinct()
        .map(status -> Integer.toString(status))
        .collect(Collectors.joining(", "));
  }
}
