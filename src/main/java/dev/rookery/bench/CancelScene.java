package dev.rookery.bench;

import dev.rookery.House;
import dev.rookery.activation.Activation;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Grant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Runs that are cancelled: some hold on to life, some call one tool after the other. */
final class CancelScene {
  /** Asked to be stubborn, a run leaves five processes that want to live; then it has a plan. */
  static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {matches: "^stubborn (\\\\S+)$"}}
          then:
            tool_calls:
              - tool: bash
                arguments:
                  session: "{{1}}"
                  command: |-
                    trap '' TERM HUP INT
                    for i in 1 2 3 4; do
                      (setsid bash -c 'exec -a "$0" sleep 3600' {{1}} &)
                    done
                    bash -c 'exec -a "$0" sleep 3600' {{1}}
              - tool: bash
                arguments: {session: "{{1}}", command: "date +%s%N >> {{1}}"}
        - when: {user_text: {matches: "^chain (\\\\S+)$"}, turn: any}
          then: {tool_calls: [{tool: bash, arguments: {session: "{{1}}", command: "date +%s%N >> {{1}}"}}]}
        - then: {text: "Done."}
      """;

  private static final int STUBBORN = 5;
  private static final int AT_ONCE = 8;
  private static final int CHAINS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN = Duration.ofMillis(5).toNanos();

  private final BenchNode node;
  private final MarkedProcesses processes;
  private final AtomicInteger chains = new AtomicInteger();

  CancelScene(BenchNode node, MarkedProcesses processes) {
    this.node = node;
    this.processes = processes;
    for (int i = 0; i < AT_ONCE + 2 * CHAINS; i++) {
      house().grants.put(org(), node.agent(i), new Grant("bash", Grant.Verdict.ALLOW));
    }
  }

  /**
   * What a round took, from the requests on.
   *
   * @param noFurtherTool until the cancel stood and the last tool had begun; of all runs
   * @param dead until the kernel knew no process of the run; of the stubborn ones
   */
  record Times(Latencies noFurtherTool, Latencies dead) {}

  /**
   * A cancelled run.
   *
   * @param mark in the arguments of its processes, and the file to which its commands write when
   *     they begin
   * @param requested nanoseconds of the wall clock
   * @param stood how long the request took, in nanoseconds
   */
  private record Cancelled(AgentId agent, RunId run, String mark, long requested, long stood) {}

  private House house() {
    return node.house();
  }

  private OrgId org() {
    return node.org();
  }

  /** Cancels so many stubborn runs, and others meanwhile. */
  Times round(int count) throws InterruptedException {
    Latencies dead = new Latencies();
    Queue<Cancelled> cancelled = new ConcurrentLinkedQueue<>();
    AtomicInteger left = new AtomicInteger(count);
    AtomicInteger alive = new AtomicInteger(count);
    Callers.each(
        AT_ONCE + CHAINS,
        AT_ONCE + CHAINS,
        caller -> {
          if (caller < CHAINS) {
            while (alive.get() > 0) {
              cancelled.add(chain());
            }
          } else {
            while (left.getAndDecrement() > 0) {
              cancelled.add(stubborn(caller, dead, alive));
            }
          }
        });
    Latencies noFurtherTool = new Latencies();
    for (Cancelled one : cancelled) {
      noFurtherTool.add(Math.max(one.stood(), lastBeginning(one)));
      Mismatch.unlessEqual("tools that start after the cancel", 0, startedAfterEnd(one.run()));
    }
    return new Times(noFurtherTool, dead);
  }

  private Cancelled stubborn(int caller, Latencies dead, AtomicInteger alive) {
    AgentId agent = node.agent(caller);
    String mark = mark();
    RunId run = began(node.say("bench:" + mark, agent, "stubborn " + mark));
    try {
      processes.awaitNamed(mark, STUBBORN, PATIENCE);
      long start = System.nanoTime();
      Cancelled cancelled = cancel(agent, run, mark);
      long time = processes.awaitGone(mark, start, PATIENCE) - start;
      synchronized (dead) {
        dead.add(time);
      }
      return cancelled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Mismatch("Interrupted while processes were waited for.");
    } finally {
      alive.decrementAndGet();
    }
  }

  /** Cancelled anywhere between two of its tools, or in one. */
  private Cancelled chain() {
    AgentId agent = node.agent(AT_ONCE + CHAINS + chains.getAndIncrement() % CHAINS);
    String mark = mark();
    RunId run = began(node.say("bench:" + mark, agent, "chain " + mark));
    until("a command of " + run, () -> marks(agent, mark));
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(300_000_000));
    return cancel(agent, run, mark);
  }

  private static String mark() {
    return Ids.next("rkb").replace('_', 'z');
  }

  private RunId began(EventId event) {
    return until(
        "a run for " + event,
        () ->
            house().activations.ofEvent(org(), event).stream()
                .map(Activation::run)
                .filter(Objects::nonNull)
                .findFirst());
  }

  private Cancelled cancel(AgentId agent, RunId run, String mark) {
    long requested = nanosOfDay();
    long start = System.nanoTime();
    var _ = house().runs.cancel(org(), run, "bench");
    return new Cancelled(agent, run, mark, requested, System.nanoTime() - start);
  }

  private static long nanosOfDay() {
    var now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** From the request to the last beginning of a command; negative when that was before. */
  private long lastBeginning(Cancelled cancelled) {
    return marks(cancelled.agent(), cancelled.mark())
        .map(text -> text.lines().mapToLong(Long::parseLong).max().orElse(0))
        .map(last -> last - cancelled.requested())
        .orElse(Long.MIN_VALUE);
  }

  private Optional<String> marks(AgentId agent, String mark) {
    try {
      byte[] bytes = house().hands.homes.of(org(), agent).read(mark, 0, 1 << 16).bytes();
      return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
    } catch (Refusal _) {
      return Optional.empty();
    }
  }

  private long startedAfterEnd(RunId run) {
    List<String> kinds =
        house().journal.about(org(), run.value(), 1_000).stream()
            .map(JournalRecord::entry)
            .map(entry -> entry.kind())
            .toList();
    int end = kinds.indexOf("run.finished");
    if (end < 0) {
      throw new Mismatch("Run " + run + " did not end.");
    }
    return kinds.subList(end, kinds.size()).stream().filter("step.started"::equals).count();
  }

  private interface Look<T> {
    Optional<T> now();
  }

  private static <T> T until(String what, Look<T> look) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      Optional<T> found = look.now();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(LOOK_AGAIN);
    }
    throw new Mismatch("Not within " + PATIENCE + ": " + what + ".");
  }
}
