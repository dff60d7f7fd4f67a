package dev.rookery.activation;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The front door to activation: what may wake an agent, and every decision that was made. */
public final class Activations {
  private final Database database;
  private final Journal journal;

  public Activations(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** What a new agent wakes on unless told otherwise: being mentioned, and being called by name. */
  public void addDefaults(Tx tx, OrgId org, AgentId agent) {
    add(tx, ActivationPolicy.of(org, agent, "mention", ActivationPolicy.Trigger.MENTION));
    add(tx, ActivationPolicy.of(org, agent, "manual", ActivationPolicy.Trigger.MANUAL));
  }

  public void add(Tx tx, ActivationPolicy policy) {
    PolicyStore.insert(tx, policy.org(), policy);
    journal.append(
        tx,
        policy.org(),
        new JournalEntry(
            "policy.created",
            policy.id().value(),
            null,
            Json.object()
                .put("agent", policy.agent().value())
                .put("trigger", policy.wake().trigger().spelled())));
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

  /**
   * A policy that could care about an event.
   *
   * @param handle of its agent
   * @param lastWokeAt null for never, or when the policy has no cooldown
   */
  public record Matchable(
      ActivationPolicy policy, String handle, boolean agentEnabled, @Nullable Instant lastWokeAt) {}

  /** Policies of the named agents, or of all when none is named. For dispatch. */
  public List<Matchable> matchable(Tx tx, OrgId org, List<AgentId> agents) {
    return PolicyStore.ofAgents(tx, org, agents).stream()
        .map(
            row ->
                new Matchable(
                    row.policy(),
                    row.handle(),
                    row.agentEnabled(),
                    lastWoke(tx, org, row.policy())))
        .toList();
  }

  private static @Nullable Instant lastWoke(Tx tx, OrgId org, ActivationPolicy policy) {
    return policy.timing().cooldown().isZero()
        ? null
        : ActivationStore.lastWoke(tx, org, policy.id());
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
                .put("run", activation.run() == null ? null : activation.run().value())));
  }
}
