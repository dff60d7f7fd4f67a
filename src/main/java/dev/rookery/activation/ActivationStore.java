package dev.rookery.activation;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Conditions;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code activation}. */
final class ActivationStore {
  private static final RowMapper<Activation> ROW =
      (row, _) -> {
        String run = row.getString("run_id");
        return new Activation(
            new ActivationId(row.getString("id")),
            new EventId(row.getString("event_id")),
            new PolicyId(row.getString("policy_id")),
            new AgentId(row.getString("agent_id")),
            row.getString("decision"),
            new Decision.Reason(row.getString("reason"), row.getString("why")),
            run == null ? null : new RunId(run),
            row.getLong("decided_at"));
      };

  private ActivationStore() {}

  static void insert(Tx tx, OrgId org, Activation activation, @Nullable PolicyId mergedInto) {
    RunId run = activation.run();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO activation (org_id, id, event_id, policy_id, agent_id, decision, reason, why, run_id,
              merged_into, decided_at)
            VALUES (:org, :id, :event, :policy, :agent, :decision, :reason, :why, :run, :merged, :now)
            """)
        .bind("org", org.value())
        .bind("id", activation.id().value())
        .bind("event", activation.event().value())
        .bind("policy", activation.policy().value())
        .bind("agent", activation.agent().value())
        .bind("decision", activation.decision())
        .bind("reason", activation.reason().code())
        .bind("why", activation.reason().sentence())
        .bind("run", run == null ? null : run.value())
        .bind("merged", mergedInto == null ? null : mergedInto.value())
        .bind("now", tx.now())
        .execute();
  }

  static List<Activation> ofEvent(Tx tx, OrgId org, EventId event) {
    return tx.handle()
        .createQuery(
            "SELECT * FROM activation WHERE org_id = :org AND event_id = :event ORDER BY id")
        .bind("org", org.value())
        .bind("event", event.value())
        .map(ROW)
        .list();
  }

  static Optional<Activation> find(Tx tx, OrgId org, ActivationId id) {
    return tx.handle()
        .createQuery("SELECT * FROM activation WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** Newest first. */
  static List<Activations.Seen> ofAgent(Tx tx, OrgId org, Activations.Query query) {
    return list(
        tx,
        org,
        new Activations.Filter(query.agent(), null, null, null, query.before(), query.limit()));
  }

  /** Newest first. */
  static List<Activations.Seen> list(Tx tx, OrgId org, Activations.Filter filter) {
    Conditions where =
        (filter.agent() == null ? Conditions.byId("a.org_id", org) : Conditions.in("a.org_id", org))
            .and("a.agent_id = :agent", "agent", filter.agent())
            .and("a.policy_id = :policy", "policy", filter.policy())
            .and("a.decision = :decision", "decision", filter.decision())
            .and("e.conversation_key = :conversation", "conversation", filter.conversation())
            .and("a.id < :before", "before", filter.before());
    return tx.handle()
        .createQuery(
            """
            SELECT a.*, e.source, e.type FROM activation a JOIN event e ON e.org_id = a.org_id AND e.id = a.event_id
            """
                + where.sql()
                + " ORDER BY a.id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", filter.limit())
        .map(
            (row, context) ->
                new Activations.Seen(
                    ROW.map(row, context), row.getString("source"), row.getString("type")))
        .list();
  }

  /** The last decision for a policy; with {@code woke}, the last that woke its agent. */
  static Optional<Activation> last(Tx tx, OrgId org, ActivationPolicy policy, boolean woke) {
    String which =
        woke
            ? "policy_id = :policy AND decision = 'woke' ORDER BY decided_at DESC"
            : "agent_id = :agent AND policy_id = :policy ORDER BY id DESC";
    return tx.handle()
        .createQuery("SELECT * FROM activation WHERE org_id = :org AND " + which + " LIMIT 1")
        .bind("org", org.value())
        .bindMap(woke ? Map.of() : Map.of("agent", policy.agent().value()))
        .bind("policy", policy.id().value())
        .map(ROW)
        .findOne();
  }

  static @Nullable Instant lastWoke(Tx tx, OrgId org, PolicyId policy) {
    return tx.handle()
        .createQuery(
            """
            SELECT decided_at FROM activation WHERE org_id = :org AND policy_id = :policy AND decision = 'woke'
            ORDER BY decided_at DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .map((row, _) -> Instant.ofEpochMilli(row.getLong("decided_at")))
        .findOne()
        .orElse(null);
  }

  /** How often a policy woke its agent since then, counted up to a number. */
  static int wakesSince(Tx tx, OrgId org, PolicyId policy, Span span) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM (SELECT 1 AS woke FROM activation WHERE org_id = :org AND policy_id = :policy
              AND decision = 'woke' AND decided_at > :since LIMIT :most) AS w
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("since", span.since())
        .bind("most", span.most())
        .mapTo(Integer.class)
        .one();
  }

  /** From when, epoch milliseconds, and how far to count. */
  record Span(long since, int most) {}

  /** The last event of a conversation through which the policy woke its agent. */
  static @Nullable String lastWokeBy(Tx tx, OrgId org, PolicyId policy, String conversation) {
    return tx.handle()
        .createQuery(
            """
            SELECT a.event_id FROM activation a JOIN event e ON e.org_id = a.org_id AND e.id = a.event_id
            WHERE a.org_id = :org AND a.policy_id = :policy AND a.decision = 'woke'
              AND e.conversation_key = :conversation
            ORDER BY a.decided_at DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("policy", policy.value())
        .bind("conversation", conversation)
        .mapTo(String.class)
        .findOne()
        .orElse(null);
  }

  /** Lines of a conversation between two of its events, counted up to a number. */
  static int linesBetween(Tx tx, OrgId org, Lines lines) {
    return tx.handle()
        .createQuery(
            """
            SELECT COUNT(*) FROM (SELECT 1 AS line FROM event WHERE org_id = :org
              AND conversation_key = :conversation AND type IN ('message', 'command')
              AND id > :after AND id < :before LIMIT :most) AS l
            """)
        .bind("org", org.value())
        .bind("conversation", lines.conversation())
        .bind("after", lines.after())
        .bind("before", lines.before().value())
        .bind("most", lines.most())
        .mapTo(Integer.class)
        .one();
  }

  /** Lines of a conversation, between two events, and how far to count. */
  record Lines(String conversation, String after, EventId before, int most) {}

  /** The policy through which an event reached a run of the agent, with the run. */
  static Optional<Activations.Taken> taken(Tx tx, OrgId org, EventId event, AgentId agent) {
    return tx.handle()
        .createQuery(
            """
            SELECT policy_id, run_id FROM activation WHERE org_id = :org AND event_id = :event
            AND agent_id = :agent AND run_id IS NOT NULL AND merged_into IS NULL ORDER BY id LIMIT 1
            """)
        .bind("org", org.value())
        .bind("event", event.value())
        .bind("agent", agent.value())
        .map(
            (row, _) ->
                new Activations.Taken(
                    new PolicyId(row.getString("policy_id")), new RunId(row.getString("run_id"))))
        .findOne();
  }

  /** Events that were merged into a later one went into its run. */
  static void join(Tx tx, OrgId org, Wait.Key key, RunId run) {
    tx.handle()
        .createUpdate(
            """
            UPDATE activation SET run_id = :run
            WHERE org_id = :org AND event_id = :event AND policy_id = :policy AND run_id IS NULL
            """)
        .bind("run", run.value())
        .bind("org", org.value())
        .bind("event", key.event().value())
        .bind("policy", key.policy().value())
        .execute();
  }
}
