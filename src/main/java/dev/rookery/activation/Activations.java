package dev.rookery.activation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Rate;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The front door to activation: what may wake an agent, and every decision that was made. */
public final class Activations {
  private static final int MAX_NAMES = 100;

  private final Database database;
  private final Journal journal;
  private final Waits waits;
  private final Map<Trigger, PolicyKeeper> keepers = new EnumMap<>(Trigger.class);

  public Activations(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
    this.waits = new Waits(database, journal);
  }

  /** What is not decided yet. */
  public Waits waits() {
    return waits;
  }

  /** What a new agent wakes on unless told otherwise: being mentioned, and being called by name. */
  public void addDefaults(Tx tx, OrgId org, AgentId agent) {
    add(tx, ActivationPolicy.of(org, agent, "mention", ActivationPolicy.Trigger.MENTION));
    add(tx, ActivationPolicy.of(org, agent, "manual", ActivationPolicy.Trigger.MANUAL));
  }

  /** The room of some triggers takes part in every change of their policies. For the start. */
  public void keptBy(PolicyKeeper keeper) {
    keeper.triggers().forEach(trigger -> keepers.put(trigger, keeper));
  }

  /**
   * @throws Refusal {@code policy-name-taken}, {@code filter-required}, {@code gate-required}, or
   *     what the room of its trigger refuses
   */
  public void add(Tx tx, ActivationPolicy policy) {
    PolicyRules.check(policy);
    refuseTwins(tx, policy);
    PolicyStore.insert(tx, policy.org(), policy);
    keep(tx, null, policy);
    note(tx, "policy.created", policy);
  }

  private static void refuseTwins(Tx tx, ActivationPolicy policy) {
    if (PolicyStore.named(tx, policy.org(), policy)) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "policy-name-taken",
          "This agent has another policy with the name \"%s\". Choose another name, or change that one."
              .formatted(policy.name()));
    }
  }

  private void keep(Tx tx, @Nullable ActivationPolicy before, ActivationPolicy policy) {
    PolicyKeeper keeper = keepers.get(policy.wake().trigger());
    PolicyKeeper earlier = before == null ? null : keepers.get(before.wake().trigger());
    if (earlier != null && !earlier.equals(keeper)) {
      earlier.removed(tx, policy.org(), policy.id());
    }
    if (keeper != null) {
      keeper.saved(tx, before, policy);
    }
  }

  private void note(Tx tx, String kind, ActivationPolicy policy) {
    Pause pause = policy.standing().pause();
    ObjectNode data =
        Json.object()
            .put("agent", policy.agent().value())
            .put("name", policy.name())
            .put("by", tx.actor().spoken())
            .put("trigger", policy.wake().trigger().spelled())
            .put("enabled", policy.standing().enabled());
    if (pause != null) {
      data.put("pause_reason", pause.reason())
          .put("paused_until", pause.until() == null ? null : pause.until().toString());
    }
    journal.append(
        tx,
        policy.org(),
        new JournalEntry(kind, policy.id().value(), null, data).of(policy.agent()));
  }

  /**
   * Replaces a policy by what a change makes of it; id, organization and agent stay. The journal
   * tells {@code policy.changed}, {@code policy.paused} or {@code policy.resumed}.
   *
   * @throws Refusal {@code policy-not-found}, {@code policy-name-taken}, {@code filter-required},
   *     {@code gate-required}, or what the change or the room of its trigger refuses; nothing is
   *     changed then
   */
  public ActivationPolicy change(
      Tx tx, OrgId org, PolicyId id, UnaryOperator<ActivationPolicy> change) {
    ActivationPolicy before = find(tx, org, id);
    ActivationPolicy policy = change.apply(before);
    if (!policy.id().equals(id)
        || !policy.org().equals(org)
        || !policy.agent().equals(before.agent())) {
      throw new IllegalArgumentException("a policy keeps its id, organization and agent");
    }
    PolicyRules.check(policy);
    refuseTwins(tx, policy);
    PolicyStore.update(tx, org, policy);
    keep(tx, before, policy);
    note(tx, kindOf(before, policy), policy);
    return policy;
  }

  /** As {@link #change(Tx, OrgId, PolicyId, UnaryOperator)}, in a transaction of its own. */
  public ActivationPolicy change(OrgId org, PolicyId id, UnaryOperator<ActivationPolicy> change) {
    return database.write(org, tx -> change(tx, org, id, change));
  }

  private static String kindOf(ActivationPolicy before, ActivationPolicy policy) {
    if (Objects.equals(before.standing().pause(), policy.standing().pause())) {
      return "policy.changed";
    }
    return policy.standing().pause() == null ? "policy.resumed" : "policy.paused";
  }

  /**
   * Takes a policy away; what it decided stays on record.
   *
   * @throws Refusal {@code policy-not-found}
   */
  public void remove(Tx tx, OrgId org, PolicyId id) {
    ActivationPolicy policy = find(tx, org, id);
    PolicyKeeper keeper = keepers.get(policy.wake().trigger());
    if (keeper != null) {
      keeper.removed(tx, org, id);
    }
    PolicyStore.delete(tx, org, id);
    note(tx, "policy.removed", policy);
  }

  /**
   * @throws Refusal {@code policy-not-found}
   */
  public ActivationPolicy find(Tx tx, OrgId org, PolicyId id) {
    return PolicyStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("policy", id.value()));
  }

  /** As {@link #find(Tx, OrgId, PolicyId)}, in a transaction of its own. */
  public ActivationPolicy find(OrgId org, PolicyId id) {
    return database.read(org, tx -> find(tx, org, id));
  }

  /** As {@link #remove(Tx, OrgId, PolicyId)}, in a transaction of its own. */
  public void remove(OrgId org, PolicyId id) {
    database.write(
        org,
        tx -> {
          remove(tx, org, id);
          return id;
        });
  }

  /** Every policy of the organization, by agent, oldest first. */
  public List<ActivationPolicy> policies(OrgId org) {
    return database.read(org, tx -> PolicyStore.all(tx, org));
  }

  /** As {@link #add(Tx, ActivationPolicy)}, in a transaction of its own. */
  public void add(ActivationPolicy policy) {
    database.write(
        policy.org(),
        tx -> {
          add(tx, policy);
          return policy;
        });
  }

  public List<ActivationPolicy> policies(OrgId org, AgentId agent) {
    return database.read(org, tx -> PolicyStore.list(tx, org, agent));
  }

  /** Every decision about one event, the negative ones too. */
  public List<Activation> ofEvent(OrgId org, EventId event) {
    return database.read(org, tx -> ActivationStore.ofEvent(tx, org, event));
  }

  /** One decision; empty when there is none of this id. */
  public Optional<Activation> find(OrgId org, ActivationId id) {
    return database.read(org, tx -> ActivationStore.find(tx, org, id));
  }

  /** Which decisions, newest first; null means any. */
  public record Filter(
      @Nullable AgentId agent,
      @Nullable PolicyId policy,
      @Nullable String decision,
      @Nullable String conversation,
      @Nullable ActivationId before,
      int limit) {}

  /** Decisions, the negative ones too, newest first. */
  public List<Seen> list(OrgId org, Filter filter) {
    return database.read(org, tx -> ActivationStore.list(tx, org, filter));
  }

  /** Decisions on one agent, newest first; before the id of the last one of the page before. */
  public record Query(AgentId agent, @Nullable ActivationId before, int limit) {}

  /** A decision, with where its event came in and what it was. */
  public record Seen(Activation activation, String source, String type) {}

  /** Every decision on an agent, the negative ones too, newest first. */
  public List<Seen> ofAgent(OrgId org, Query query) {
    return database.read(org, tx -> ActivationStore.ofAgent(tx, org, query));
  }

  /**
   * The last decisions for a policy.
   *
   * @param any null before the first event
   * @param woke the last that woke its agent; null for never
   */
  public record Latest(@Nullable Activation any, @Nullable Activation woke) {}

  /** How a policy decided last. */
  public Latest latest(ActivationPolicy policy) {
    OrgId org = policy.org();
    return database.read(
        org,
        tx ->
            new Latest(
                ActivationStore.last(tx, org, policy, false).orElse(null),
                ActivationStore.last(tx, org, policy, true).orElse(null)));
  }

  /**
   * A policy that could care about an event.
   *
   * @param handle of its agent
   * @param past as far as its limits ask for it
   */
  public record Matchable(
      ActivationPolicy policy, String handle, boolean agentEnabled, AgentFacts.Past past) {}

  /** Where and with which event policies are asked. */
  public record Moment(String conversation, EventId event) {}

  /** Policies of the named agents, or of all when none is named. For dispatch. */
  public List<Matchable> matchable(Tx tx, OrgId org, List<AgentId> agents, Moment moment) {
    return PolicyStore.ofAgents(tx, org, agents).stream()
        .map(row -> matchable(tx, org, row, moment))
        .toList();
  }

  /** One policy, or empty when it is gone. For dispatch, at the end of a wait. */
  public Optional<Matchable> matchable(Tx tx, OrgId org, PolicyId policy, Moment moment) {
    return PolicyStore.row(tx, org, policy).map(row -> matchable(tx, org, row, moment));
  }

  /** Mention policies of agents that a text names and that are none of these. For dispatch. */
  public List<Matchable> namedOutside(
      Tx tx, OrgId org, String text, List<AgentId> served, Moment moment) {
    List<String> names = Mentions.in(text).stream().sorted().limit(MAX_NAMES).toList();
    return names.isEmpty()
        ? List.of()
        : PolicyStore.ofHandles(tx, org, names).stream()
            .filter(row -> row.policy().wake().trigger() == Trigger.MENTION)
            .filter(row -> !served.contains(row.policy().agent()))
            .map(row -> matchable(tx, org, row, moment))
            .toList();
  }

  private static Matchable matchable(Tx tx, OrgId org, PolicyStore.Row row, Moment moment) {
    return new Matchable(
        row.policy(), row.handle(), row.agentEnabled(), past(tx, org, row.policy(), moment));
  }

  private static AgentFacts.Past past(Tx tx, OrgId org, ActivationPolicy policy, Moment moment) {
    Timing timing = policy.timing();
    boolean rests = !timing.cooldown().isZero();
    if (!rests && timing.cooldownMessages() == 0 && timing.rate() == null) {
      return AgentFacts.Past.NONE;
    }
    PolicyStore.lock(tx, org, policy.id());
    return new AgentFacts.Past(
        rests ? ActivationStore.lastWoke(tx, org, policy.id()) : null,
        timing.cooldownMessages() == 0 ? null : messagesSince(tx, org, policy, moment),
        timing.rate() == null ? 0 : wakes(tx, org, policy.id(), timing.rate()));
  }

  private static @Nullable Integer messagesSince(
      Tx tx, OrgId org, ActivationPolicy policy, Moment moment) {
    String last = ActivationStore.lastWokeBy(tx, org, policy.id(), moment.conversation());
    return last == null
        ? null
        : ActivationStore.linesBetween(
            tx,
            org,
            new ActivationStore.Lines(
                moment.conversation(), last, moment.event(), policy.timing().cooldownMessages()));
  }

  private static int wakes(Tx tx, OrgId org, PolicyId policy, Rate rate) {
    return ActivationStore.wakesSince(
        tx,
        org,
        policy,
        new ActivationStore.Span(tx.now() - rate.window().toMillis(), rate.maxWakes()));
  }

  /** Through which policy an agent took an event, and its run. */
  public record Taken(PolicyId policy, RunId run) {}

  /** How the agent took the event before, if it did. For dispatch, at the end of a wait. */
  public Optional<Taken> taken(Tx tx, OrgId org, EventId event, AgentId agent) {
    return ActivationStore.taken(tx, org, event, agent);
  }

  /** Lines of a burst that were merged into a later one went into its run. For dispatch. */
  public void joined(Tx tx, OrgId org, Wait.Key line, RunId run) {
    ActivationStore.join(tx, org, line, run);
  }

  /** Stores a decision. For dispatch. */
  public void record(
      Tx tx, OrgId org, String conversation, Activation activation, @Nullable PolicyId mergedInto) {
    ActivationStore.insert(tx, org, activation, mergedInto);
    journal.append(
        tx,
        org,
        new JournalEntry(
                "activation.decided",
                activation.event().value(),
                conversation,
                Json.object()
                    .put("activation", activation.id().value())
                    .put("agent", activation.agent().value())
                    .put("decision", activation.decision())
                    .put("reason", activation.reason().code())
                    .put("why", activation.reason().sentence())
                    .put("run", activation.run() == null ? null : activation.run().value()))
            .of(activation.agent()));
  }
}
