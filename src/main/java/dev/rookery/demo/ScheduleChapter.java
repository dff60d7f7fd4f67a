package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.Punctuality.Line;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A schedule that speaks into a chat. The server is killed between two of its times and comes back
 * after some more; then its ledger is held against the times that the demonstration computes.
 */
final class ScheduleChapter {
  private static final Duration EVERY = Duration.ofMillis(1_500);
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration GLANCE = Duration.ofMillis(50);
  private static final int BEFORE_KILL = 2;
  private static final int WITHOUT_SERVER = 2;
  private final Stage stage;

  ScheduleChapter(Stage stage) {
    this.stage = stage;
  }

  /** What is counted later. */
  record Seen(Punctuality punctuality, Crash crash) {}

  /** The schedule's id, and from when on it holds. */
  private record Made(String id, Instant anchor, Instant since) {}

  Seen play() throws InterruptedException {
    stage.section(
        "A schedule that stays exact across the kill",
        "Each of its times has one verdict on record, also those at which no server ran.");
    Made made = make();
    ran(BEFORE_KILL);
    Instant killed = Instant.now();
    Instant started = killed.plus(EVERY.multipliedBy(WITHOUT_SERVER));
    int code = stage.killAndStart(() -> letPass(started));
    Instant back = Instant.now();
    Crash crash = new Crash(code, stage.age().toMillis());
    stage.await(
        entry -> fired(entry, made) && time(entry).isAfter(back),
        "a time of the schedule that is met again");
    Instant last = stop(made);
    List<Line> lines = settled(made);
    Punctuality punctuality =
        Punctuality.count(
            new Punctuality.Expected(made.anchor(), EVERY, made.since(), last(last, lines)),
            lines,
            new Punctuality.World(messages(), runs(), killed, started));
    tell(punctuality);
    return new Seen(punctuality, crash);
  }

  private Made make() throws InterruptedException {
    stage.send(HandsStory.COURIER);
    stage.answered(HandsStory.COURIER);
    String conversation =
        stage
            .await(
                entry -> entry.is("event.accepted") && entry.in(HandsStory.COURIER),
                "the event of " + HandsStory.COURIER.name())
            .conversation();
    Instant anchor = Instant.now().plus(SOON).truncatedTo(ChronoUnit.MILLIS);
    ObjectNode policy = Json.object().put("name", "courier").put("trigger", "interval");
    policy
        .putObject("config")
        .put("every_ms", EVERY.toMillis())
        .put("anchor", anchor.toString())
        .put("prompt", HandsStory.TICK)
        .put("to", conversation)
        .put("missed", "run_last")
        .put("overlap", "buffer_one");
    JsonNode made = stage.api().post("/api/v1/agents/" + Story.AGENT + "/policies", policy);
    stage.fact("schedule", "every 1.5 s into this chat; of what is missed, the last is made up");
    stage.restartClock();
    return new Made(made.path("id").asText(), anchor, Instant.now());
  }

  /** So many of its times have run, and their messages are in the chat. */
  private void ran(int times) throws InterruptedException {
    for (int nth = 1; nth <= times; nth++) {
      stage.await("delivery.sent", HandsStory.COURIER, 1 + nth);
    }
  }

  private static boolean fired(Entry entry, Made made) {
    return entry.is("occurrence.decided")
        && entry.subject().equals(made.id())
        && entry.field("verdict").equals("fired");
  }

  private static Instant time(Entry entry) {
    return Instant.parse(entry.field("nominal"));
  }

  /** Nobody is there meanwhile. */
  private void letPass(Instant until) {
    while (Instant.now().isBefore(until)) {
      try {
        stage.ledger().pause(GLANCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DemoFailure("The demonstration was interrupted.");
      }
    }
  }

  /** Every time up to the answer has its verdict then. */
  private Instant stop(Made made) throws InterruptedException {
    Instant asked = Instant.now();
    stage
        .api()
        .post(
            "/api/v1/policies/" + made.id() + "/pause",
            Json.object().put("reason", "we have seen"));
    return asked;
  }

  /** The ledger, when nothing of it is under way; what came after the pause is none of it. */
  private List<Line> settled(Made made) throws InterruptedException {
    long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
    List<Line> lines = ledger(made);
    while (!lines.stream().allMatch(Line::over) && System.nanoTime() < deadline) {
      stage.ledger().pause(GLANCE);
      lines = ledger(made);
    }
    stage.await(
        "delivery.sent", HandsStory.COURIER, 1 + (int) lines.stream().filter(Line::runs).count());
    return lines;
  }

  private List<Line> ledger(Made made) throws InterruptedException {
    return stage.api().all("/api/v1/policies/" + made.id() + "/occurrences").stream()
        .map(Line::of)
        .filter(line -> !line.verdict().equals("paused"))
        .toList();
  }

  /** A time between the request to pause and its answer may have been met. */
  private static Instant last(Instant asked, List<Line> lines) {
    return lines.stream()
        .map(Line::last)
        .filter(asked::isBefore)
        .max(Instant::compareTo)
        .orElse(asked);
  }

  /** Those of the schedule; the first in the chat answers a person. */
  private int messages() {
    return stage.bot().messages(HandsStory.COURIER.chat()).size() - 1;
  }

  private int runs() throws InterruptedException {
    return Evidence.in(HandsStory.COURIER, stage.api().all("/api/v1/runs")).size() - 1;
  }

  private void tell(Punctuality found) {
    stage.fact(
        "ledger",
        "%d times, %d of them without a server: %s"
            .formatted(found.expected(), found.down(), found.words()));
    stage.fact("chat", found.messages() + " messages for the " + found.ran() + " times that ran");
  }
}
