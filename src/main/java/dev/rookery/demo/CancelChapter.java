package dev.rookery.demo;

import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs that are stopped in the middle of a step, from the chat. */
final class CancelChapter {
  private static final Duration DEATH = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(5);

  private final Stage stage;

  CancelChapter(Stage stage) {
    this.stage = stage;
  }

  /** A run that was stopped; the times as in {@link Hands.Stop}. */
  record Stopped(
      String name, String run, long overMillis, @Nullable Long deadMillis, int processesLeft) {}

  List<Stopped> play(Sandboxed sandboxed) throws InterruptedException {
    stage.section(
        "A run is stopped in the middle of a step",
        "After /stop no step starts, no process lives on, and no money stays reserved.");
    stage
        .api()
        .put(
            "/api/v1/prices",
            Json.object().put("kind", "tool").put("name", HandsStory.STOPPED).put("call", "0.02"));
    List<Stopped> stopped = new ArrayList<>();
    stopped.add(stopHeldCall());
    if (sandboxed instanceof Sandboxed.Shown) {
      stage.blank();
      stage.restartClock();
      stopped.add(stopCommand());
    }
    return stopped;
  }

  private Stopped stopHeldCall() throws InterruptedException {
    stage.ledger().hold(HandsStory.STOPPED);
    stage.send(HandsStory.LABELS);
    stage.stopped(HandsStory.STOPPED);
    long begin = stop(HandsStory.LABELS);
    Entry over = over(HandsStory.LABELS);
    long millis = since(begin);
    stage.ledger().hold("");
    stage.fact("ledger", "the answer of " + HandsStory.STOPPED + " comes too late");
    told(HandsStory.LABELS, millis);
    return new Stopped(HandsStory.LABELS.name(), over.subject(), millis, null, 0);
  }

  private Stopped stopCommand() throws InterruptedException {
    stage.send(HandsStory.WATCH);
    stage.await(
        entry ->
            entry.is("step.started")
                && entry.in(HandsStory.WATCH)
                && entry.field("kind").equals("tool"),
        "the start of the command for the night");
    if (!processes(true, Stage.PATIENCE)) {
      throw new DemoFailure("The command for the night was not started in time.");
    }
    stage.fact("processes", "the command and a child that left its process group run");
    long begin = stop(HandsStory.WATCH);
    Entry over = over(HandsStory.WATCH);
    long millis = since(begin);
    boolean gone = processes(false, DEATH);
    long dead = since(begin);
    int left = gone ? 0 : living();
    stage.fact("processes", gone ? "all gone after " + dead + " ms" : left + " still live");
    told(HandsStory.WATCH, millis);
    return new Stopped(HandsStory.WATCH.name(), over.subject(), millis, dead, left);
  }

  private long stop(Story.Line line) {
    long begin = System.nanoTime();
    int status = stage.desk().deliver(stage.bot(), line.command("/stop", stage.updates()));
    stage.fact("webhook", "%s writes “/stop”, answered %d".formatted(line.person(), status));
    return begin;
  }

  private Entry over(Story.Line line) throws InterruptedException {
    return stage.await("run.finished", line, 1);
  }

  private void told(Story.Line line, long millis) throws InterruptedException {
    stage.await("delivery.sent", line, 1);
    stage.fact("run", "over %d ms after the command was sent".formatted(millis));
  }

  private static long since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin).toMillis();
  }

  /** Waits until both processes of the command live, or none does. */
  private boolean processes(boolean living, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < deadline) {
      int count = living();
      if (living ? count >= 2 : count == 0) {
        return true;
      }
      stage.ledger().pause(GLANCE);
    }
    return false;
  }

  /** Processes of this machine that sleep for the time that nobody else sleeps. */
  private static int living() {
    String mark = "sleep " + SandboxChapter.NIGHT;
    return (int)
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").endsWith(mark))
            .count();
  }
}
