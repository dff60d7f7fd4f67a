package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.JournalTail.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The demonstration: a real server in a process of its own, messages through its real webhook, and
 * four kills. What it proves is counted in the end.
 */
final class Demo {
  private static final int AT_ONCE = 10;
  private static final int KILLS = 4;

  private final Screen screen;
  private final Stage stage;
  private final LocalBotApi bot;
  private final ToolLedger ledger;
  private final List<Crash> crashes = new ArrayList<>();
  private int forgedStatus;

  Demo(Screen screen, Workplace workplace, LocalBotApi bot, ToolServer tools) {
    this.screen = screen;
    this.stage = new Stage(screen, workplace, bot, tools);
    this.bot = bot;
    this.ledger = tools.ledger();
  }

  Report play() throws InterruptedException {
    long begin = System.nanoTime();
    open();
    oneMessage();
    tenAtOnce();
    forged();
    killInKeyedStep();
    killInReconcilableStep();
    Sandboxed sandboxed = new SandboxChapter(stage).play();
    ApprovalChapter.Seen approval = new ApprovalChapter(stage).play();
    crashes.add(approval.crash());
    ScheduleChapter.Seen schedule = new ScheduleChapter(stage).play();
    crashes.add(schedule.crash());
    List<CancelChapter.Stopped> stopped = new CancelChapter(stage).play(sandboxed);
    Hands.Purse purse = new BudgetChapter(stage).play();
    Findings findings =
        gather(new HandsEvidence.Seen(sandboxed, approval, schedule.punctuality(), stopped, purse));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new Report(
        VerdictRules.judge(findings, Story.LINES.size(), KILLS), Facts.of(findings.hands()), took);
  }

  private void open() throws InterruptedException {
    screen.section(
        "A real server on an empty directory",
        "A shop's order desk answers on Telegram. The server is a process of its own, and is killed.");
    stage.open();
    stage.fact("agent", "@" + Story.AGENT + " at the order desk of a shop, on the scripted model");
    for (Story.DeskTool tool : Story.TOOLS) {
      String asks = tool.asks() ? ", a person is asked" : "";
      stage.fact("tool", "%-14s %s%s".formatted(tool.name(), tool.effectClass(), asks));
    }
  }

  private void oneMessage() throws InterruptedException {
    stage.section(
        "A message becomes a run and one reply",
        "Every link from message to reply is on record, with its reason; so is why nobody woke.");
    stage.send(Story.QUESTION);
    stage.answered(Story.QUESTION);
    stage.blank();
    stage.restartClock();
    stage.send(Story.CHATTER);
    Entry event =
        stage.await(
            entry -> entry.is("event.accepted") && entry.in(Story.CHATTER),
            "the event of " + Story.CHATTER.name());
    stage.await(
        entry -> entry.is("activation.decided") && entry.subject().equals(event.subject()),
        "the decision about " + Story.CHATTER.name());
  }

  private void tenAtOnce() throws InterruptedException {
    stage.section(
        "The same message ten times at once",
        "Telegram repeats what it is not sure about; one delivery is one event, run and reply.");
    ObjectNode update = Story.REPEATED.update(stage.updates());
    List<Integer> answers =
        together(Collections.nCopies(AT_ONCE, () -> stage.desk().deliver(bot, update)));
    stage.statuses().put(Story.REPEATED, answers);
    stage.fact("webhook", answers.size() + " deliveries, answered " + Stage.distinct(answers));
    stage.answered(Story.REPEATED);
    long refused =
        stage.api().all("/api/v1/ingress").stream().filter(Evidence::isDuplicate).count();
    stage.fact("on record", refused + " of them refused as duplicates of the first");
  }

  /** All at once; the results in order. */
  static List<Integer> together(List<Callable<Integer>> work) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> done : threads.invokeAll(work)) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new DemoFailure("The webhook could not be reached: " + e.getCause() + ".");
    }
  }

  private void forged() throws InterruptedException {
    stage.section(
        "A message with a wrong secret",
        "What does not come from Telegram is refused at the door and leads to nothing.");
    forgedStatus = stage.desk().forge(bot, Story.FORGED.update(stage.updates()));
    long events = Evidence.in(Story.FORGED, stage.api().all("/api/v1/events")).size();
    stage.fact("webhook", "answered %d; it left %d events".formatted(forgedStatus, events));
  }

  private void killInKeyedStep() throws InterruptedException {
    stage.section(
        "kill -9 in the middle of a step",
        "The stock is reserved, the server dies before it hears so: nothing is lost or done twice.");
    ledger.hold(Story.KEYED);
    stage.send(Story.ORDER);
    stage.stopped(Story.KEYED);
    killAfter(Story.BEFORE_FIRST_KILL, Story.RECONCILABLE);
  }

  private void killInReconcilableStep() throws InterruptedException {
    stage.answered(Story.BEFORE_FIRST_KILL);
    stage.stopped(Story.RECONCILABLE);
    stage.section(
        "kill -9 again, further on in the same run",
        "The note is written, the server dies: the next one looks it up and writes no second.");
    killAfter(Story.BEFORE_SECOND_KILL, "");
    stage.answered(Story.ORDER);
    stage.answered(Story.BEFORE_SECOND_KILL);
    for (Findings.ToolUse use : Evidence.tools(ledger)) {
      if (use.calls() > 0) {
        stage.fact("ledger", VerdictRules.used(use));
      }
    }
  }

  /**
   * Accepts one more message, kills, and starts again on the same directory and port.
   *
   * @param nextHeld the tool that is stopped at next; empty for none
   */
  private void killAfter(Story.Line last, String nextHeld) throws InterruptedException {
    int status = stage.send(last);
    stage.fact(
        "webhook", "%s writes “%s”, answered %d".formatted(last.person(), last.text(), status));
    int before = crashes.size();
    int code = stage.killAndStart(() -> ledger.hold(nextHeld));
    stage.await(_ -> recoveries() > before, "the interrupted run to be taken up again");
    crashes.add(new Crash(code, stage.age().toMillis()));
  }

  private long recoveries() {
    return stage.journal().entries().stream()
        .filter(entry -> entry.is("run.recovered") && entry.in(Story.ORDER))
        .count();
  }

  private Findings gather(HandsEvidence.Seen hands) throws InterruptedException {
    screen.section(
        "What was proven",
        "Counted in the journal, through the API, in the tools' ledger and in the chat.");
    stage.journal().catchUp();
    Evidence.Seen seen =
        new Evidence.Seen(
            stage.statuses(), forgedStatus, crashes, stage.journal().entries(), hands);
    return new Evidence(bot, ledger).count(Evidence.Books.read(stage.api()), seen);
  }
}
