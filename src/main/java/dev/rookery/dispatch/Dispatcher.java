package dev.rookery.dispatch;

import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationDecider;
import dev.rookery.activation.Activations;
import dev.rookery.activation.Candidate;
import dev.rookery.activation.Decision;
import dev.rookery.activation.EventFacts;
import dev.rookery.activation.GateAnswer;
import dev.rookery.activation.InboundFacts;
import dev.rookery.activation.Wait;
import dev.rookery.activation.Waits;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbound;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns one event into decisions and runs. Everything that makes an agent act comes through here,
 * apart from tasks of workers, which their room decides; no other code queues runs.
 */
final class Dispatcher {
  private final Rooms rooms;
  private final Doors doors;
  private final Duration deadline;
  private final Candidates candidates;
  private final Bursts bursts;

  /** The rooms that dispatch writes to. */
  record Rooms(
      Events events,
      Conversations conversations,
      Integrations integrations,
      Activations activations,
      Runs runs) {}

  /** What is served without asking policies. */
  record Doors(
      Commands commands, Choices choices, RerunDoor reruns, BiPredicate<Tx, Event> results) {
    boolean handled(Tx tx, Event event) {
      return commands.handled(tx, event)
          || choices.handled(tx, event)
          || reruns.handled(tx, event)
          || results.test(tx, event);
    }
  }

  Dispatcher(Rooms rooms, Doors doors, QueueLimits limits, Duration deadline) {
    this.rooms = rooms;
    this.doors = doors;
    this.deadline = deadline;
    this.candidates = new Candidates(rooms, limits);
    this.bursts = new Bursts(rooms.activations());
  }

  /**
   * Decides and applies, inside the transaction that marks the event as dispatched.
   *
   * @return whether some policy waits with it now
   */
  boolean dispatch(Tx tx, Event event, List<String> fileNotes) {
    OrgId org = event.org();
    rooms.conversations().note(tx, org, event.what());
    boolean waits = false;
    if (!tx.as(author(event), () -> doors.handled(tx, event))) {
      List<Wait> open = bursts.lock(tx, event);
      List<Candidate> asked = candidates.of(tx, event);
      Wait.Line line = new Wait.Line(event.id(), fileNotes);
      Look look = new Look(event, line, open);
      List<Decision> decisions = decide(tx, event, asked);
      apply(tx, look, decisions);
      waits = decisions.stream().anyMatch(Decision.Waiting.class::isInstance);
      bursts.restart(tx, event, look.open(), asked);
    }
    rooms.events().dispatched(tx, org, event.id());
    return waits;
  }

  private static List<Decision> decide(Tx tx, Event event, List<Candidate> candidates) {
    EventFacts facts = InboundFacts.of(event.what(), event.trust(), event.target());
    return ActivationDecider.decide(facts, candidates, Instant.ofEpochMilli(tx.now()));
  }

  /** What became of a wait that was looked at. */
  enum Settled {
    /** It is another's, or over. */
    GONE,
    /** Nothing but the gate's answer is missing. */
    TO_ASK,
    DECIDED
  }

  /**
   * Looks at an event again, for the policy that waited with it, and decides; unless it still wants
   * a gate that was not asked. Nothing that happened meanwhile is forgotten: pauses, cooldowns,
   * claims of others.
   */
  Settled settle(Tx tx, Wait claimed, GateAnswer answer) {
    Event event = rooms.events().find(tx, claimed.org(), claimed.key().event());
    List<Wait> open = bursts.lock(tx, event);
    Waits waits = rooms.activations().waits();
    Wait wait = waits.held(tx, claimed).filter(w -> !w.progress().decided()).orElse(null);
    if (wait == null) {
      return Settled.GONE;
    }
    open.removeIf(other -> other.key().equals(wait.key()));
    Look look = new Look(event, wait.lines().getLast(), open);
    Decision decision = decide(tx, event, wait, claimedBy(tx, wait, answer));
    if (decision instanceof Decision.Waiting) {
      return Settled.TO_ASK;
    }
    if (decision.reachesRun()) {
      open.add(wait);
      RunId run = take(tx, look, decision);
      open.remove(wait);
      bursts.join(tx, wait, run);
      bursts.end(tx, open, wait.agent(), new Bursts.Woken(event, run));
    } else {
      PolicyId other = decision instanceof Decision.MergedWith with ? with.other() : null;
      RunId run =
          rooms
              .activations()
              .taken(tx, wait.org(), event.id(), wait.agent())
              .map(Activations.Taken::run)
              .orElse(null);
      record(
          tx, event, decision, new Outcome(ActivationId.next(), other == null ? null : run, other));
    }
    waits.end(tx, wait);
    return Settled.DECIDED;
  }

  /** Another agent's claim of the line makes a pass of any answer, also before one is asked for. */
  private GateAnswer claimedBy(Tx tx, Wait wait, GateAnswer answer) {
    AgentId claimant =
        rooms
            .activations()
            .waits()
            .claimant(tx, wait.org(), wait.conversation(), wait.key().event());
    return claimant == null || claimant.equals(wait.agent()) ? answer : claimed(claimant);
  }

  private static GateAnswer claimed(AgentId claimant) {
    return new GateAnswer.Pass("claimed", "Agent " + claimant + " claimed this line.");
  }

  private Decision decide(Tx tx, Event event, Wait wait, GateAnswer answer) {
    Candidate candidate = candidates.of(tx, event, wait, answer).orElse(null);
    if (candidate == null) {
      return new Decision.Declined(
          wait.agent(),
          wait.key().policy(),
          new Decision.Reason("policy-removed", "The policy was removed while it waited."),
          Decision.Label.SKIPPED);
    }
    Decision decision = decide(tx, event, List.of(candidate)).getFirst();
    boolean claims =
        decision.reachesRun()
            && answer instanceof GateAnswer.Respond
            && candidate.policy().wake().config().relevance().exclusive();
    if (!claims) {
      return decision;
    }
    AgentId first = rooms.activations().waits().claimLine(tx, wait);
    return first.equals(wait.agent())
        ? decision
        : decide(
                tx,
                event,
                List.of(
                    new Candidate(
                        candidate.policy(),
                        candidate.agent(),
                        claimed(first),
                        candidate.takenBy())))
            .getFirst();
  }

  /** It broke every time: that is its one decision, and a person finds it there. */
  void giveUp(Tx tx, Wait wait, String error) {
    Event event = rooms.events().find(tx, wait.org(), wait.key().event());
    Decision decision =
        new Decision.Declined(
            wait.agent(),
            wait.key().policy(),
            new Decision.Reason("gate-broken", "It could not be decided: " + error + "."),
            Decision.Label.ERROR);
    record(tx, event, decision, new Outcome(ActivationId.next(), null, null));
    rooms.activations().waits().end(tx, wait);
  }

  /** An event that is looked at, as a line, in front of the waits that are open here. */
  private record Look(Event event, Wait.Line line, List<Wait> open) {}

  /** Who spoke, as budgets and memory know them. */
  static String identity(Event event) {
    return event.what().origin().source() + ":" + event.what().actor().id();
  }

  /** Who pressed a button or gave a command, for the record. */
  private static Actor author(Event event) {
    return new Actor.Contact(identity(event), event.what().actor().name());
  }

  private static Runs.Input input(Event event, List<String> fileNotes) {
    Inbound.Actor actor = event.what().actor();
    return new Runs.Input(
        event.id(),
        Lines.of(event.what(), fileNotes),
        new Runs.Speaker(
            identity(event),
            switch (actor.kind()) {
              case MEMBER, SYSTEM, SELF -> !event.trust().equals("unknown");
              case PERSON, BOT, AGENT -> false;
            }));
  }

  /** Whether somebody is there who could be asked. */
  private static boolean attended(Event event) {
    return switch (event.what().actor().kind()) {
      case MEMBER, PERSON -> true;
      case BOT, AGENT, SELF, SYSTEM -> false;
    };
  }

  private void apply(Tx tx, Look look, List<Decision> decisions) {
    Event event = look.event();
    Map<PolicyId, RunId> taken = new HashMap<>();
    for (Decision decision : decisions) {
      if (decision.reachesRun()) {
        RunId run = take(tx, look, decision);
        taken.put(decision.policy(), run);
        bursts.end(tx, look.open(), decision.agent(), new Bursts.Woken(event, run));
      }
    }
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Waiting waiting) {
        bursts.hold(tx, event, waiting, look.open(), look.line());
      } else if (!decision.reachesRun()) {
        PolicyId other = decision instanceof Decision.MergedWith merged ? merged.other() : null;
        record(
            tx,
            event,
            decision,
            new Outcome(ActivationId.next(), other == null ? null : taken.get(other), other));
      }
    }
  }

  private RunId take(Tx tx, Look look, Decision decision) {
    ActivationId activation = ActivationId.next();
    Event event = look.event();
    List<Runs.Input> inputs = inputs(tx, look, decision.agent());
    RunId run =
        switch (decision) {
          case Decision.Woke woke -> queue(tx, event, new Birth(woke, activation), inputs);
          case Decision.Steered(_, _, _, RunId active) ->
              add(tx, event, new Joined(active, Duration.ZERO), inputs)
                  ? active
                  : queue(tx, event, Birth.late(decision, activation, Duration.ZERO), inputs);
          case Decision.Merged(_, _, _, RunId queued, Duration delay) ->
              add(tx, event, new Joined(queued, delay), inputs)
                  ? queued
                  : queue(tx, event, Birth.late(decision, activation, delay), inputs);
          case Decision.MergedWith _, Decision.Waiting _, Decision.Declined _ ->
              throw new IllegalStateException("this decision reaches no run");
        };
    record(tx, event, decision, new Outcome(activation, run, null));
    return run;
  }

  /** The event, after what its agent overheard here and was not yet decided. */
  private List<Runs.Input> inputs(Tx tx, Look look, AgentId agent) {
    return Bursts.lines(look.open(), agent, look.line()).stream()
        .map(
            line ->
                line.event().equals(look.event().id())
                    ? input(look.event(), line.notes())
                    : input(
                        rooms.events().find(tx, look.event().org(), line.event()), line.notes()))
        .toList();
  }

  private record Joined(RunId run, Duration delay) {}

  /** All or none: a run that is over takes not even the first. */
  private boolean add(Tx tx, Event event, Joined joined, List<Runs.Input> inputs) {
    return inputs.stream()
        .allMatch(i -> rooms.runs().addInput(tx, event.org(), joined.run(), i, joined.delay()));
  }

  private record Birth(
      AgentId agent, ActivationId activation, Duration delay, List<String> onlyTools) {
    Birth(Decision.Woke woke, ActivationId activation) {
      this(woke.agent(), activation, woke.delay(), woke.onlyTools());
    }

    /** The run that was to take it in is over; policies that narrow tools never join one. */
    static Birth late(Decision decision, ActivationId activation, Duration delay) {
      return new Birth(decision.agent(), activation, delay, List.of());
    }
  }

  private RunId queue(Tx tx, Event event, Birth birth, List<Runs.Input> inputs) {
    RunId run = RunId.next();
    NewRun queued =
        new NewRun(
            run,
            birth.agent(),
            birth.activation(),
            event.what().place().conversationKey(),
            new NewRun.Nature(
                "turn",
                event.what().actor().depth(),
                attended(event),
                birth.onlyTools().isEmpty() ? null : birth.onlyTools()),
            birth.delay(),
            deadline);
    rooms.runs().queue(tx, event.org(), queued, inputs);
    return run;
  }

  private record Outcome(ActivationId id, @Nullable RunId run, @Nullable PolicyId mergedInto) {}

  private void record(Tx tx, Event event, Decision decision, Outcome outcome) {
    rooms
        .activations()
        .record(
            tx,
            event.org(),
            event.what().place().conversationKey(),
            new Activation(
                outcome.id(),
                event.id(),
                decision.policy(),
                decision.agent(),
                decision.label().spelled(),
                decision.reason(),
                outcome.run(),
                tx.now()),
            outcome.mergedInto());
  }
}
