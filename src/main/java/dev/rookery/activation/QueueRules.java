package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.AgentFacts.QueuedRun;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an event that wakes an agent meets the runs of its conversation (spec 01, mode). Idle: a new
 * run at once, whatever the mode. The debounce begins when there is something to wait for.
 */
final class QueueRules {
  /** A queued run takes no more inputs than this; the next begins another run. */
  static final int MAX_INPUTS = 10;

  private QueueRules() {}

  static Decision deliver(Candidate candidate, Decision.Reason why) {
    AgentFacts agent = candidate.agent();
    Timing timing = timing(candidate.policy());
    RunId active = agent.load().activeRun();
    QueuedRun queued = agent.load().queuedRun();
    if (timing.mode() == Mode.STEER && active != null) {
      return new Decision.Steered(
          agent.id(),
          candidate.policy().id(),
          and(why, "It goes into %s, which is active.".formatted(active)),
          active);
    }
    Duration delay = timing.mode() == Mode.COLLECT ? timing.debounce() : Duration.ZERO;
    if (queued != null && joins(timing.mode(), queued)) {
      return new Decision.Merged(
          agent.id(),
          candidate.policy().id(),
          and(why, "It joins %s, which has not started.".formatted(queued.run())),
          queued.run(),
          delay);
    }
    return woke(candidate, why, queued != null ? queued.run() : active, delay);
  }

  /** Each time of a schedule is a run of its own; its overlap setting has decided before. */
  private static Timing timing(ActivationPolicy policy) {
    Timing timing = policy.timing();
    Timing alone = new Timing(Mode.FOLLOWUP, timing.debounce(), timing.cooldown());
    if (!policy.scope().toolIds().isEmpty()) {
      return alone; // in the run of another policy it would have that one's tools
    }
    return switch (policy.wake().trigger()) {
      case INTERVAL, CRON, DAILY, ONCE -> alone;
      case MENTION, AMBIENT, ALWAYS, EVENT, WEBHOOK, PROGRAM_REVIEW, MANUAL -> timing;
    };
  }

  /** Whether a run must be queued for it, rather than one that is there take it in. */
  static boolean needsRun(Candidate candidate) {
    AgentFacts.Load load = candidate.agent().load();
    Mode mode = timing(candidate.policy()).mode();
    boolean steers = mode == Mode.STEER && load.activeRun() != null;
    return !steers && (load.queuedRun() == null || !joins(mode, load.queuedRun()));
  }

  private static boolean joins(Mode mode, QueuedRun queued) {
    return mode != Mode.FOLLOWUP && queued.inputs() < MAX_INPUTS;
  }

  private static Decision woke(
      Candidate candidate, Decision.Reason why, @Nullable RunId after, Duration delay) {
    String what = after == null ? "A new run starts." : "A new run starts after " + after + ".";
    return new Decision.Woke(
        candidate.agent().id(),
        candidate.policy().id(),
        and(why, what),
        after,
        after == null ? Duration.ZERO : delay,
        candidate.policy().scope().toolIds());
  }

  private static Decision.Reason and(Decision.Reason why, String what) {
    return new Decision.Reason(why.code(), why.sentence() + " " + what);
  }
}
