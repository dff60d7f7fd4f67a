package dev.rookery.dispatch;

import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationDecider;
import dev.rookery.activation.Activations;
import dev.rookery.activation.AgentFacts;
import dev.rookery.activation.Candidate;
import dev.rookery.activation.Decision;
import dev.rookery.activation.EventFacts;
import dev.rookery.activation.InboundFacts;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbound;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns one event into decisions and runs. Everything that makes an agent act comes through here;
 * no other code queues runs.
 */
final class Dispatcher {
  private final Rooms rooms;
  private final Doors doors;
  private final Duration deadline;

  /** The rooms that dispatch writes to. */
  record Rooms(
      Events events,
      Conversations conversations,
      Integrations integrations,
      Activations activations,
      Runs runs) {}

  /** What is answered without waking an agent. */
  record Doors(Commands commands, Choices choices) {
    boolean handled(Tx tx, Event event) {
      return commands.handled(tx, event) || choices.handled(tx, event);
    }
  }

  Dispatcher(Rooms rooms, Doors doors, Duration deadline) {
    this.rooms = rooms;
    this.doors = doors;
    this.deadline = deadline;
  }

  /** Decides and applies, inside the transaction that marks the event as dispatched. */
  void dispatch(Tx tx, Event event, List<String> fileNotes) {
    OrgId org = event.org();
    rooms.conversations().note(tx, org, event.what());
    if (!doors.handled(tx, event)) {
      List<Candidate> candidates = candidates(tx, event);
      EventFacts facts = InboundFacts.of(event.what(), event.trust(), event.target());
      List<Decision> decisions =
          ActivationDecider.decide(facts, candidates, Instant.ofEpochMilli(tx.now()));
      Runs.Input input = input(event, fileNotes);
      apply(tx, event, decisions, input);
    }
    rooms.events().dispatched(tx, org, event.id());
  }

  private static Runs.Input input(Event event, List<String> fileNotes) {
    Inbound.Actor actor = event.what().actor();
    return new Runs.Input(
        event.id(),
        Lines.of(event.what(), fileNotes),
        new Runs.Speaker(
            event.what().origin().source() + ":" + actor.id(),
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

  private List<Candidate> candidates(Tx tx, Event event) {
    OrgId org = event.org();
    Served served = served(tx, event);
    Map<AgentId, Runs.Open> open = new HashMap<>();
    List<Candidate> candidates = new ArrayList<>();
    List<Activations.Matchable> matchable =
        served.nobody() ? List.of() : rooms.activations().matchable(tx, org, served.agents());
    AgentId first = served.agents().isEmpty() ? firstOf(matchable) : served.agents().getFirst();
    for (Activations.Matchable match : matchable) {
      AgentId agent = match.policy().agent();
      Runs.Open runs =
          open.computeIfAbsent(
              agent, a -> rooms.runs().open(tx, org, a, event.what().place().conversationKey()));
      candidates.add(
          new Candidate(
              match.policy(),
              new AgentFacts(
                  agent,
                  match.handle(),
                  match.agentEnabled(),
                  true,
                  agent.equals(first),
                  match.lastWokeAt(),
                  runs.active(),
                  queued(tx, org, runs.queued()))));
    }
    return candidates;
  }

  private AgentFacts.@Nullable QueuedRun queued(Tx tx, OrgId org, @Nullable RunId run) {
    return run == null ? null : new AgentFacts.QueuedRun(run, rooms.runs().inputs(tx, org, run));
  }

  private static @Nullable AgentId firstOf(List<Activations.Matchable> matchable) {
    return matchable.isEmpty() ? null : matchable.getFirst().policy().agent();
  }

  /** Whom an event concerns; no agents means all, unless nobody. */
  private record Served(List<AgentId> agents, boolean nobody) {}

  private Served served(Tx tx, Event event) {
    AgentId target = event.target();
    if (target != null) {
      return new Served(List.of(target), false);
    }
    IntegrationId id = event.what().origin().integration();
    Integration integration =
        id == null ? null : rooms.integrations().find(tx, event.org(), id).orElse(null);
    return integration == null
        ? new Served(List.of(), true)
        : new Served(integration.agents(), false);
  }

  private void apply(Tx tx, Event event, List<Decision> decisions, Runs.Input input) {
    Map<PolicyId, RunId> taken = new HashMap<>();
    for (Decision decision : decisions) {
      if (decision.reachesRun()) {
        taken.put(decision.policy(), take(tx, event, decision, input));
      }
    }
    for (Decision decision : decisions) {
      if (!decision.reachesRun()) {
        PolicyId other = decision instanceof Decision.MergedWith merged ? merged.other() : null;
        record(
            tx,
            event,
            decision,
            new Outcome(ActivationId.next(), other == null ? null : taken.get(other), other));
      }
    }
  }

  private RunId take(Tx tx, Event event, Decision decision, Runs.Input input) {
    ActivationId activation = ActivationId.next();
    RunId run =
        switch (decision) {
          case Decision.Woke woke ->
              queue(tx, event, new Birth(woke.agent(), activation, woke.delay()), input);
          case Decision.Steered(AgentId agent, _, _, RunId active) ->
              rooms.runs().addInput(tx, event.org(), active, input, Duration.ZERO)
                  ? active
                  : queue(tx, event, new Birth(agent, activation, Duration.ZERO), input);
          case Decision.Merged(AgentId agent, _, _, RunId queued, Duration delay) ->
              rooms.runs().addInput(tx, event.org(), queued, input, delay)
                  ? queued
                  : queue(tx, event, new Birth(agent, activation, delay), input);
          case Decision.MergedWith _, Decision.Declined _ ->
              throw new IllegalStateException("this decision reaches no run");
        };
    record(tx, event, decision, new Outcome(activation, run, null));
    return run;
  }

  private record Birth(AgentId agent, ActivationId activation, Duration delay) {}

  private RunId queue(Tx tx, Event event, Birth birth, Runs.Input input) {
    RunId run = RunId.next();
    NewRun queued =
        new NewRun(
            run,
            birth.agent(),
            birth.activation(),
            event.what().place().conversationKey(),
            new NewRun.Nature("turn", event.what().actor().depth(), attended(event)),
            birth.delay(),
            deadline);
    rooms.runs().queue(tx, event.org(), queued, input);
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
