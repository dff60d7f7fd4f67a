package dev.rookery.dispatch;

import dev.rookery.activation.Activations;
import dev.rookery.activation.AgentFacts;
import dev.rookery.activation.Candidate;
import dev.rookery.activation.GateAnswer;
import dev.rookery.activation.Wait;
import dev.rookery.inbox.Event;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies that could care about an event, with all that deciding needs to know. */
final class Candidates {
  private final Dispatcher.Rooms rooms;
  private final QueueLimits limits;

  Candidates(Dispatcher.Rooms rooms, QueueLimits limits) {
    this.rooms = rooms;
    this.limits = limits;
  }

  /** At the first look: policies of all whom the event concerns, and of those it names besides. */
  List<Candidate> of(Tx tx, Event event) {
    Served served = served(tx, event);
    if (served.nobody()) {
      return List.of();
    }
    OrgId org = event.org();
    Activations.Moment moment = moment(event);
    List<Activations.Matchable> matchable =
        rooms.activations().matchable(tx, org, served.agents(), moment);
    AgentId first = served.agents().isEmpty() ? firstOf(matchable) : served.agents().getFirst();
    Scene scene = scene(tx, event);
    List<Candidate> candidates = new ArrayList<>();
    for (Activations.Matchable match : matchable) {
      Standing standing = new Standing(served.readable(), match.policy().agent().equals(first));
      candidates.add(new Candidate(match.policy(), facts(tx, scene, match, standing)));
    }
    if (served.restricted()) {
      String text = event.what().content().text();
      for (Activations.Matchable match :
          rooms.activations().namedOutside(tx, org, text, served.agents(), moment)) {
        Standing stranger = new Standing(false, false);
        candidates.add(new Candidate(match.policy(), facts(tx, scene, match, stranger)));
      }
    }
    return candidates;
  }

  /** At the end of a wait: its policy as it is now; empty when that is gone. */
  Optional<Candidate> of(Tx tx, Event event, Wait wait, GateAnswer answer) {
    Served served = served(tx, event);
    boolean mayRead =
        served.readable()
            && !served.nobody()
            && (served.agents().isEmpty() || served.agents().contains(wait.agent()));
    // Whether it answers for the bot was settled at the first look.
    Standing standing = new Standing(mayRead, true);
    return rooms
        .activations()
        .matchable(tx, event.org(), wait.key().policy(), moment(event))
        .map(
            match ->
                new Candidate(
                    match.policy(),
                    facts(tx, scene(tx, event), match, standing),
                    answer,
                    rooms
                        .activations()
                        .taken(tx, event.org(), event.id(), wait.agent())
                        .map(Activations.Taken::policy)
                        .orElse(null)));
  }

  private static Activations.Moment moment(Event event) {
    return new Activations.Moment(event.what().place().conversationKey(), event.id());
  }

  private record Standing(boolean mayRead, boolean byDefault) {}

  /**
   * An event, and what is worked out for it once.
   *
   * @param full the organization's queue is
   */
  private record Scene(Event event, boolean full, Map<AgentId, AgentFacts.Load> loads) {}

  private Scene scene(Tx tx, Event event) {
    boolean full = rooms.runs().queued(tx, event.org(), null, limits.org()) >= limits.org();
    return new Scene(event, full, new HashMap<>());
  }

  private AgentFacts facts(Tx tx, Scene scene, Activations.Matchable match, Standing standing) {
    AgentId agent = match.policy().agent();
    return new AgentFacts(
        agent,
        match.handle(),
        match.agentEnabled(),
        standing.mayRead(),
        standing.byDefault(),
        match.past(),
        scene.loads().computeIfAbsent(agent, a -> load(tx, scene, a)));
  }

  private AgentFacts.Load load(Tx tx, Scene scene, AgentId agent) {
    OrgId org = scene.event().org();
    String conversation = scene.event().what().place().conversationKey();
    Runs.Open open = rooms.runs().open(tx, org, agent, conversation);
    RunId queued = open.queued();
    return new AgentFacts.Load(
        open.active(),
        queued == null
            ? null
            : new AgentFacts.QueuedRun(queued, rooms.runs().inputs(tx, org, queued)),
        full(tx, scene, agent));
  }

  private @Nullable String full(Tx tx, Scene scene, AgentId agent) {
    int ofAgent = rooms.runs().queued(tx, scene.event().org(), agent, limits.agent());
    if (ofAgent >= limits.agent()) {
      return "The agent has %d queued runs, which is all it may have.".formatted(ofAgent);
    }
    return scene.full()
        ? "The organization has %d queued runs, which is all it may have.".formatted(limits.org())
        : null;
  }

  private static @Nullable AgentId firstOf(List<Activations.Matchable> matchable) {
    return matchable.isEmpty() ? null : matchable.getFirst().policy().agent();
  }

  /**
   * Whom an event concerns; no agents means all, unless nobody.
   *
   * @param restricted others may be named, but cannot read the place
   * @param readable false when the agent that is called directly is not served by the place
   */
  private record Served(
      List<AgentId> agents, boolean nobody, boolean restricted, boolean readable) {}

  private Served served(Tx tx, Event event) {
    AgentId target = event.target();
    IntegrationId id = event.what().origin().integration();
    Integration integration =
        id == null ? null : rooms.integrations().find(tx, event.org(), id).orElse(null);
    if (target != null) {
      return new Served(
          List.of(target), false, false, integration == null || integration.serves(target));
    }
    return integration == null
        ? new Served(List.of(), true, false, false)
        : new Served(integration.agents(), false, !integration.agents().isEmpty(), true);
  }
}
