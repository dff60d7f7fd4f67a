package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Rate;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.Decision.Label;
import dev.rookery.activation.Decision.Reason;
import dev.rookery.activation.TriggerRules.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How often a policy wakes, and how much an agent can have to do. Pure. */
final class LimitRules {
  private LimitRules() {}

  /** What keeps a policy that wants the event from waking now, or null. */
  static Verdict.@Nullable No held(Candidate candidate, Verdict.Yes yes, Instant now) {
    Verdict.No cooling = invited(candidate, yes) ? null : cooling(candidate, now);
    if (cooling != null) {
      return cooling;
    }
    Timing timing = candidate.policy().timing();
    Rate rate = timing.rate();
    if (rate != null && candidate.agent().past().wakes() >= rate.maxWakes()) {
      return throttled(
          "rate",
          "The policy wakes at most %d times within %d ms, and did."
              .formatted(rate.maxWakes(), rate.window().toMillis()));
    }
    String full = candidate.agent().load().full();
    return full != null && QueueRules.needsRun(candidate)
        ? new Verdict.No(Label.NO_CAPACITY, new Reason("queue-full", full))
        : null;
  }

  /**
   * Cooldown and gate limit what nobody asked for: who is mentioned answers under always too. Under
   * mention they were put there for mentions.
   */
  static boolean invited(Candidate candidate, Verdict.Yes yes) {
    return candidate.policy().wake().trigger() == Trigger.ALWAYS && !yes.uninvited();
  }

  private static Verdict.@Nullable No cooling(Candidate candidate, Instant now) {
    Timing timing = candidate.policy().timing();
    AgentFacts agent = candidate.agent();
    Instant last = agent.past().lastWokeAt();
    Duration cooldown = timing.cooldown();
    // The absolute distance: after a clock was set back, the wait is still no longer than this.
    if (last != null && Duration.between(last, now).abs().compareTo(cooldown) < 0) {
      return throttled(
          "cooldown",
          "The policy woke @%s at %s and rests for %d ms after that."
              .formatted(agent.handle(), last, cooldown.toMillis()));
    }
    Integer since = agent.past().messagesSince();
    return since == null || since >= timing.cooldownMessages()
        ? null
        : throttled(
            "cooldown-messages",
            "The policy woke @%s here %d lines ago and lets %d go by."
                .formatted(agent.handle(), since, timing.cooldownMessages()));
  }

  private static Verdict.No throttled(String code, String sentence) {
    return new Verdict.No(Label.THROTTLED, new Reason(code, sentence));
  }
}
