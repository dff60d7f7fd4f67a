package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.Decision.Label;
import dev.rookery.activation.TriggerRules.Called;
import dev.rookery.activation.TriggerRules.Verdict;
import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one event and every policy that could care: does it wake its agent, how, and why or
 * why not (spec 01). Pure: the same facts give the same decisions.
 *
 * <p>Order of the questions, the first that fails gives the reason: whose message it is, agent and
 * policy enabled, trigger, resource, filter, pause, access, gate, cooldown. So {@code paused},
 * {@code denied} and {@code throttled} always mean: it would have woken but for this.
 */
public final class ActivationDecider {
  /** Agents may answer agents so many times in a row; then it is a loop. */
  static final int MAX_DEPTH = 8;

  private static final Comparator<Candidate> PRECEDENCE =
      Comparator.comparingInt((Candidate c) -> rank(c.policy()))
          .thenComparing(c -> c.policy().id().value());

  private final EventFacts event;
  private final Called called;
  private final Instant now;

  private ActivationDecider(EventFacts event, Called called, Instant now) {
    this.event = event;
    this.called = called;
    this.now = now;
  }

  /**
   * One decision per candidate, in their order. At most one per agent {@link Decision#reachesRun()
   * reaches a run}: of several policies that want the event, mention goes before always before the
   * others, then the oldest; the rest are merged with it.
   */
  public static List<Decision> decide(EventFacts event, List<Candidate> candidates, Instant now) {
    Set<String> names = Mentions.in(event.text());
    Called everyone = new Called(names, false);
    boolean agentNamed =
        candidates.stream()
            .map(Candidate::agent)
            .anyMatch(agent -> agent.mayRead() && everyone.includes(agent));
    return new ActivationDecider(event, new Called(names, agentNamed), now).decideAll(candidates);
  }

  private List<Decision> decideAll(List<Candidate> candidates) {
    List<Verdict> verdicts = candidates.stream().map(this::judge).toList();
    Map<AgentId, Candidate> takers = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (verdicts.get(i) instanceof Verdict.Yes) {
        takers.merge(candidates.get(i).agent().id(), candidates.get(i), ActivationDecider::first);
      }
    }
    List<Decision> decisions = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      decisions.add(conclude(candidates.get(i), verdicts.get(i), takers));
    }
    return List.copyOf(decisions);
  }

  private static Candidate first(Candidate one, Candidate other) {
    return PRECEDENCE.compare(one, other) <= 0 ? one : other;
  }

  private static int rank(ActivationPolicy policy) {
    return switch (policy.wake().trigger()) {
      case MENTION -> 0;
      case ALWAYS -> 1;
      case AMBIENT, EVENT, WEBHOOK, INTERVAL, CRON, DAILY, ONCE, PROGRAM_REVIEW, MANUAL -> 2;
    };
  }

  @SuppressWarnings("ReferenceEquality") // the very candidate, should one be given twice
  private static Decision conclude(
      Candidate candidate, Verdict verdict, Map<AgentId, Candidate> takers) {
    AgentId agent = candidate.agent().id();
    PolicyId policy = candidate.policy().id();
    return switch (verdict) {
      case Verdict.No(var label, var reason) -> new Decision.Declined(agent, policy, reason, label);
      case Verdict.Yes(var reason, _) -> {
        Candidate taker = takers.getOrDefault(agent, candidate);
        yield taker == candidate
            ? QueueRules.deliver(candidate, reason)
            : new Decision.MergedWith(
                agent, policy, merged(reason, taker.policy().id()), taker.policy().id());
      }
    };
  }

  private static Decision.Reason merged(Decision.Reason why, PolicyId taker) {
    return new Decision.Reason(
        "another-policy",
        "%s Policy %s of the same agent already takes it.".formatted(why.sentence(), taker));
  }

  private Verdict judge(Candidate candidate) {
    Verdict.No off = offLimits(candidate);
    if (off != null) {
      return off;
    }
    return switch (TriggerRules.verdict(event, candidate, called)) {
      case Verdict.No no -> no;
      case Verdict.Yes yes -> {
        Verdict.No held = held(candidate, yes);
        yield held == null ? yes : held;
      }
    };
  }

  /** Whose message it is, and whether agent and policy are on. */
  private Verdict.@Nullable No offLimits(Candidate candidate) {
    AgentFacts agent = candidate.agent();
    EventFacts.Actor actor = event.actor();
    ActivationPolicy.Wake wake = candidate.policy().wake();
    boolean byAgent = actor.kind() == Kind.AGENT;
    if (actor.kind() == Kind.SELF || (byAgent && actor.id().equals(agent.id().value()))) {
      return skip("own-message", "It is our own message; those wake nobody.");
    }
    if (byAgent && actor.depth() > MAX_DEPTH) {
      return skip(
          "depth",
          "%d agents answered each other in a row; more than %d is taken for a loop."
              .formatted(actor.depth(), MAX_DEPTH));
    }
    boolean bot = actor.kind() == Kind.BOT && wake.trigger() != ActivationPolicy.Trigger.WEBHOOK;
    if (bot && !wake.config().allowBots()) {
      return skip("bot", "A bot wrote it, and the policy does not set allow_bots.");
    }
    if (!agent.enabled()) {
      return skip("agent-disabled", "@%s is disabled.".formatted(agent.handle()));
    }
    return candidate.policy().standing().enabled()
        ? null
        : skip("policy-disabled", "The policy is disabled.");
  }

  /** What keeps a policy from an event that its trigger wants. */
  private Verdict.@Nullable No held(Candidate candidate, Verdict.Yes yes) {
    ActivationPolicy policy = candidate.policy();
    if (!covers(policy.scope().resourceIds(), event.resource())) {
      return skip("resource", "The policy is limited to resources that do not include this one.");
    }
    Filter filter = policy.wake().filter();
    if (filter != null && !FilterRules.matches(filter, event.facts())) {
      return skip("filter", "The policy's filter is false for this event.");
    }
    Pause pause = policy.standing().pauseAt(now);
    if (pause != null) {
      return no(Label.PAUSED, "paused", paused(pause));
    }
    if (!candidate.agent().mayRead()) {
      return no(
          Label.DENIED,
          "not-readable",
          "@%s may not read this place.".formatted(candidate.agent().handle()));
    }
    if (policy.wake().gate() == Gate.RELEVANCE) {
      return no(
          Label.GATED,
          "gate-not-served",
          "This version does not serve the relevance gate yet; without its answer it is a pass.");
    }
    return cooling(candidate, yes);
  }

  /** A cooldown limits what nobody asked for: who is mentioned answers under always too. */
  private Verdict.@Nullable No cooling(Candidate candidate, Verdict.Yes yes) {
    ActivationPolicy policy = candidate.policy();
    Instant last = candidate.agent().lastWokeAt();
    boolean invited =
        policy.wake().trigger() == ActivationPolicy.Trigger.ALWAYS && !yes.uninvited();
    Duration cooldown = policy.timing().cooldown();
    // The absolute distance: after a clock was set back, the wait is still no longer than this.
    if (last == null || invited || Duration.between(last, now).abs().compareTo(cooldown) >= 0) {
      return null;
    }
    return no(
        Label.THROTTLED,
        "cooldown",
        "The policy woke @%s at %s and rests for %d ms after that."
            .formatted(candidate.agent().handle(), last, cooldown.toMillis()));
  }

  private static String paused(Pause pause) {
    String until = pause.until() == null ? "someone resumes it" : pause.until().toString();
    String why = pause.reason().isBlank() ? "no reason given" : Text.brief(pause.reason(), 200);
    return "The policy is paused until %s: %s.".formatted(until, why);
  }

  private static boolean covers(List<String> resourceIds, @Nullable String resource) {
    return resourceIds.isEmpty() || (resource != null && resourceIds.contains(resource));
  }

  private static Verdict.No skip(String code, String sentence) {
    return no(Label.SKIPPED, code, sentence);
  }

  private static Verdict.No no(Label label, String code, String sentence) {
    return new Verdict.No(label, new Decision.Reason(code, sentence));
  }
}
