package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Scope;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.activation.AgentFacts.Load;
import dev.rookery.activation.AgentFacts.Past;
import dev.rookery.activation.AgentFacts.QueuedRun;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builders: a policy with its agent, and an event, each changed by one fact at a time. */
final class Given {
  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final OrgId ORG = OrgId.next();

  private Given() {}

  static Who agent(String handle, Trigger trigger) {
    AgentId id = AgentId.next();
    return new Who(
        new Candidate(
            ActivationPolicy.of(ORG, id, "test", trigger),
            new AgentFacts(id, handle, true, true, false, Past.NONE, Load.IDLE)));
  }

  static What message(String text) {
    return new What(
        new EventFacts(
            "message",
            text,
            false,
            false,
            null,
            "room-1",
            new EventFacts.Actor(Kind.PERSON, "42", 0),
            field -> Value.text(field == Field.Envelope.TEXT ? text : null)));
  }

  static Filter filter(String json) {
    return FilterCodec.read(JsonSpot.root(Json.parse(json.replace('\'', '"'))));
  }

  static InboundFacts facts(String payload) {
    return new InboundFacts(
        new Inbound(
            new Inbound.Origin("telegram:int", null, null),
            "message",
            "1",
            new Inbound.Place("telegram:7", null, "7", "Room", true),
            new Inbound.Actor(Kind.PERSON, "42", "Ada", 0),
            NOW,
            new Inbound.Content("Deploy failed", true, null, List.of()),
            Json.parse(payload.replace('\'', '"'))),
        "verified");
  }

  /** A candidate in the making. */
  record Who(Candidate candidate) {
    AgentId id() {
      return candidate.agent().id();
    }

    Who policy(ActivationPolicy p) {
      return new Who(new Candidate(p, candidate.agent(), candidate.answer(), candidate.takenBy()));
    }

    /** Another, younger policy of the same agent. */
    Who also(Trigger trigger) {
      return policy(ActivationPolicy.of(ORG, id(), "other", trigger));
    }

    Who wake(Wake wake) {
      var p = candidate.policy();
      return policy(
          new ActivationPolicy(
              p.id(), p.org(), p.agent(), p.name(), wake, p.scope(), p.timing(), p.standing()));
    }

    Who config(boolean allowBots, boolean onEdit) {
      Wake w = candidate.policy().wake();
      return wake(new Wake(w.trigger(), new Config(allowBots, onEdit, "{}"), w.filter(), w.gate()));
    }

    Who filter(String json) {
      Wake w = candidate.policy().wake();
      return wake(new Wake(w.trigger(), w.config(), Given.filter(json), w.gate()));
    }

    Who gated() {
      Wake w = candidate.policy().wake();
      return wake(new Wake(w.trigger(), w.config(), w.filter(), Gate.RELEVANCE));
    }

    Who only(String... resources) {
      var p = candidate.policy();
      Scope scope = new Scope(List.of(resources), List.of());
      return policy(
          new ActivationPolicy(
              p.id(), p.org(), p.agent(), p.name(), p.wake(), scope, p.timing(), p.standing()));
    }

    Who timing(Mode mode, Duration cooldown) {
      var p = candidate.policy();
      Timing timing = new Timing(mode, Duration.ofSeconds(2), cooldown);
      return policy(
          new ActivationPolicy(
              p.id(), p.org(), p.agent(), p.name(), p.wake(), p.scope(), timing, p.standing()));
    }

    Who standing(boolean enabled, @Nullable Pause pause) {
      var p = candidate.policy();
      Standing standing = new Standing(enabled, pause);
      return policy(
          new ActivationPolicy(
              p.id(), p.org(), p.agent(), p.name(), p.wake(), p.scope(), p.timing(), standing));
    }

    Who disabled() {
      return with(candidate.agent(), false, candidate.agent().mayRead(), false);
    }

    Who mayNotRead() {
      return with(
          candidate.agent(),
          candidate.agent().enabled(),
          false,
          candidate.agent().defaultAddressee());
    }

    Who byDefault() {
      return with(candidate.agent(), candidate.agent().enabled(), true, true);
    }

    private Who with(AgentFacts a, boolean enabled, boolean mayRead, boolean byDefault) {
      return facts(
          new AgentFacts(a.id(), a.handle(), enabled, mayRead, byDefault, a.past(), a.load()));
    }

    Who busy(@Nullable RunId active, @Nullable QueuedRun queued) {
      return load(new Load(active, queued, null));
    }

    Who load(Load load) {
      var a = candidate.agent();
      return facts(
          new AgentFacts(
              a.id(), a.handle(), a.enabled(), a.mayRead(), a.defaultAddressee(), a.past(), load));
    }

    Who lastWoke(Instant at) {
      return past(new Past(at, null, 0));
    }

    Who past(Past past) {
      var a = candidate.agent();
      return facts(
          new AgentFacts(
              a.id(), a.handle(), a.enabled(), a.mayRead(), a.defaultAddressee(), past, a.load()));
    }

    private Who facts(AgentFacts facts) {
      return new Who(
          new Candidate(candidate.policy(), facts, candidate.answer(), candidate.takenBy()));
    }

    Who answered(GateAnswer answer) {
      return new Who(
          new Candidate(candidate.policy(), candidate.agent(), answer, candidate.takenBy()));
    }

    Who takenBy(PolicyId other) {
      return new Who(
          new Candidate(candidate.policy(), candidate.agent(), candidate.answer(), other));
    }

    Who timing(Timing timing) {
      var p = candidate.policy();
      return policy(
          new ActivationPolicy(
              p.id(), p.org(), p.agent(), p.name(), p.wake(), p.scope(), timing, p.standing()));
    }

    PolicyId policyId() {
      return candidate.policy().id();
    }
  }

  /** An event in the making. */
  record What(EventFacts facts) {
    What type(String type) {
      return change(type, facts.direct(), facts.addressed(), facts.target());
    }

    What direct() {
      return change(facts.type(), true, facts.addressed(), facts.target());
    }

    What addressed() {
      return change(facts.type(), facts.direct(), true, facts.target());
    }

    What to(AgentId target) {
      return change(facts.type(), facts.direct(), facts.addressed(), target);
    }

    What by(Kind kind, String id, int depth) {
      var f = facts;
      return new What(
          new EventFacts(
              f.type(),
              f.text(),
              f.direct(),
              f.addressed(),
              f.target(),
              f.resource(),
              new EventFacts.Actor(kind, id, depth),
              f.facts()));
    }

    What in(@Nullable String resource) {
      var f = facts;
      return new What(
          new EventFacts(
              f.type(),
              f.text(),
              f.direct(),
              f.addressed(),
              f.target(),
              resource,
              f.actor(),
              f.facts()));
    }

    private What change(String type, boolean direct, boolean addressed, @Nullable AgentId target) {
      var f = facts;
      return new What(
          new EventFacts(
              type, f.text(), direct, addressed, target, f.resource(), f.actor(), f.facts()));
    }

    List<Decision> decide(Who... candidates) {
      return ActivationDecider.decide(
          facts, Arrays.stream(candidates).map(Who::candidate).toList(), NOW);
    }
  }
}
