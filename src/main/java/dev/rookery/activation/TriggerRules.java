package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Text;
import java.util.Set;

/** Whether an event is what a policy's trigger is about. Pure; says nothing on pause or access. */
final class TriggerRules {
  private static final Set<String> ENTRIES = Set.of("message", "command");
  private static final String EDIT = "message_edited";
  private static final String MANUAL = "manual";
  private static final String TICK = "tick";

  private TriggerRules() {}

  /** What a rule says about one candidate. */
  sealed interface Verdict {
    /** It wants the event. {@code uninvited} means that nobody asked for this agent. */
    record Yes(Decision.Reason reason, boolean uninvited) implements Verdict {}

    record No(Decision.Label label, Decision.Reason reason) implements Verdict {}
  }

  /**
   * Who the text of an event calls.
   *
   * @param names folded, as {@link Mentions} finds them
   * @param agentNamed an agent that may read the place is among them
   */
  record Called(Set<String> names, boolean agentNamed) {
    boolean includes(AgentFacts agent) {
      return !names.isEmpty() && names.contains(Mentions.fold(agent.handle()));
    }
  }

  static Verdict verdict(EventFacts event, Candidate candidate, Called called) {
    AgentFacts agent = candidate.agent();
    Trigger trigger = candidate.policy().wake().trigger();
    return switch (trigger) {
      case MENTION -> entry(event, candidate, mention(event, agent, called));
      case ALWAYS -> entry(event, candidate, always(event, agent, called));
      case MANUAL -> manual(event, agent);
      case WEBHOOK -> webhook(event, candidate);
      case INTERVAL, CRON, DAILY, ONCE -> tick(event, candidate);
      case PROGRAM_REVIEW -> review(event, agent);
      case AMBIENT, EVENT ->
          no(
              "trigger-not-served",
              "This version does not serve the trigger " + trigger.spelled() + " yet.");
    };
  }

  private static Verdict entry(EventFacts event, Candidate candidate, Verdict verdict) {
    if (ENTRIES.contains(event.type())) {
      return verdict;
    }
    if (!event.type().equals(EDIT)) {
      return no(
          "not-an-entry",
          "The trigger %s reacts to entries of a conversation, not to the event type %s."
              .formatted(
                  candidate.policy().wake().trigger().spelled(), Text.brief(event.type(), 40)));
    }
    return candidate.policy().wake().config().onEdit()
        ? verdict
        : no("edit", "An edited message wakes nobody unless the policy sets on_edit.");
  }

  private static Verdict mention(EventFacts event, AgentFacts agent, Called called) {
    if (agent.id().equals(event.target())) {
      return yes("target", "It was sent to " + at(agent) + " directly.");
    }
    if (called.includes(agent)) {
      return yes("named", "The text names " + at(agent) + ".");
    }
    if (event.target() != null) {
      return otherTarget(event);
    }
    if (!event.addressed() && !event.direct()) {
      return no(
          "not-addressed",
          "The text does not name " + at(agent) + " and is not addressed to the bot.");
    }
    if (called.agentNamed()) {
      return no("another-named", "The text names another agent, not " + at(agent) + ".");
    }
    return agent.defaultAddressee()
        ? yes("addressed", "It is addressed to the bot, and " + at(agent) + " answers for it.")
        : no(
            "not-default",
            "It is addressed to the bot without a name, and "
                + at(agent)
                + " is not the one who answers for it.");
  }

  private static Verdict always(EventFacts event, AgentFacts agent, Called called) {
    if (mention(event, agent, called) instanceof Verdict.Yes mentioned) {
      return mentioned;
    }
    return event.target() == null
        ? new Verdict.Yes(
            new Decision.Reason("always", at(agent) + " reads every message here."), true)
        : otherTarget(event);
  }

  private static Verdict manual(EventFacts event, AgentFacts agent) {
    if (!event.type().equals(MANUAL)) {
      return no("not-manual", "The trigger manual reacts to manual calls only.");
    }
    if (agent.id().equals(event.target())) {
      return yes("manual", at(agent) + " was called by hand.");
    }
    return event.target() == null
        ? no("no-target", "The manual call names no agent.")
        : otherTarget(event);
  }

  private static Verdict webhook(EventFacts event, Candidate candidate) {
    if (!event.type().equals(Trigger.WEBHOOK.spelled())) {
      return no("not-a-webhook", "The trigger webhook reacts to calls of its URL only.");
    }
    Value own = new Value.Text("webhook:" + candidate.policy().id());
    return event.facts().value(Field.Envelope.SOURCE).equals(own)
        ? yes("webhook", "Its URL was called.")
        : no("other-webhook", "The URL of another policy was called.");
  }

  /** Only the clock's own events, and only those of this very policy. */
  private static Verdict tick(EventFacts event, Candidate candidate) {
    if (!event.type().equals(TICK) || event.actor().kind() != Inbound.Actor.Kind.SYSTEM) {
      return no("not-a-tick", "A schedule reacts to its own times only.");
    }
    Value own = new Value.Text(candidate.policy().id().value());
    return event.facts().value(new Field.Payload("/policy")).equals(own)
        ? yes("tick", "Its time came.")
        : no("other-schedule", "It is the time of another schedule.");
  }

  private static Verdict review(EventFacts event, AgentFacts agent) {
    if (!event.type().equals(Trigger.PROGRAM_REVIEW.spelled())) {
      return no("not-a-review", "The trigger program_review reacts to reviews of programs only.");
    }
    return agent.id().equals(event.target())
        ? yes("review", "A program wants a review by " + at(agent) + ".")
        : no("other-target", "The review is another agent's.");
  }

  private static Verdict otherTarget(EventFacts event) {
    return no("other-target", "It was sent to " + event.target() + " directly.");
  }

  private static String at(AgentFacts agent) {
    return "@" + agent.handle();
  }

  private static Verdict yes(String code, String sentence) {
    return new Verdict.Yes(new Decision.Reason(code, sentence), false);
  }

  private static Verdict no(String code, String sentence) {
    return new Verdict.No(Decision.Label.SKIPPED, new Decision.Reason(code, sentence));
  }
}
