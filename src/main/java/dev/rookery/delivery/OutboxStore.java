package dev.rookery.delivery;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Conditions;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code outbox}. Statements over what is open repeat the condition of the partial index
 * word for word, since SQLite uses it only then.
 */
final class OutboxStore {
  private static final RowMapper<Delivery> ROW =
      (row, _) -> {
        String integration = row.getString("integration_id");
        String run = row.getString("run_id");
        return new Delivery(
            new DeliveryId(row.getString("id")),
            new OrgId(row.getString("org_id")),
            row.getString("conversation_key"),
            integration == null ? null : new IntegrationId(integration),
            run == null ? null : new RunId(run),
            new Delivery.Message(
                row.getString("idem_key"),
                row.getString("address"),
                row.getString("body"),
                row.getString("reply_to"),
                ChoiceCodec.read(row.getString("choices"))),
            new Delivery.Progress(
                Delivery.State.of(row.getString("state")),
                row.getLong("fence"),
                row.getInt("attempts"),
                row.getString("remote_id"),
                row.getString("error"),
                row.getLong("created_at"),
                row.getLong("finished_at")));
      };

  private OutboxStore() {}

  /** Whose run says it; null where no run does. */
  static @Nullable AgentId agent(Tx tx, OrgId org, @Nullable RunId run) {
    return run == null
        ? null
        : tx.handle()
            .createQuery("SELECT agent_id FROM run WHERE org_id = :org AND id = :run")
            .bind("org", org.value())
            .bind("run", run.value())
            .mapTo(String.class)
            .findOne()
            .map(AgentId::new)
            .orElse(null);
  }

  /** False when a message with this key is there already. */
  static boolean insert(Tx tx, OrgId org, Delivery delivery) {
    Delivery.Message message = delivery.message();
    boolean sent = delivery.progress().state() == Delivery.State.SENT;
    return tx.handle()
            .createUpdate(
                """
                INSERT INTO outbox (org_id, id, conversation_key, integration_id, run_id, idem_key, address, reply_to,
                  body, choices, state, fence, attempts, next_at, remote_id, created_at, finished_at)
                VALUES (:org, :id, :conversation, :integration, :run, :idem, :address, :replyTo,
                  :body, :choices, :state, 0, 0, :now, :remote, :now, :finished)
                ON CONFLICT (org_id, idem_key) DO NOTHING
                """)
            .bind("org", org.value())
            .bind("id", delivery.id().value())
            .bind("conversation", delivery.conversation())
            .bind("integration", value(delivery.integration()))
            .bind("run", delivery.run() == null ? null : delivery.run().value())
            .bind("idem", message.idemKey())
            .bind("address", message.address())
            .bind("replyTo", message.replyTo())
            .bind("body", message.markdown())
            .bind("choices", ChoiceCodec.write(message.choices()))
            .bind("state", delivery.progress().state().label())
            .bind("remote", delivery.progress().remoteId())
            .bind("now", tx.now())
            .bind("finished", sent ? tx.now() : null)
            .execute()
        == 1;
  }

  /** Of the states that are asked for only, so that one with few messages costs little. */
  static Map<Delivery.State, Long> count(Tx tx, OrgId org, Collection<Delivery.State> states) {
    Map<Delivery.State, Long> counts = new EnumMap<>(Delivery.State.class);
    tx.handle()
        .createQuery(
            "SELECT state, COUNT(*) AS n FROM outbox WHERE org_id = :org AND state IN (<states>) GROUP BY state")
        .bind("org", org.value())
        .bindList("states", states.stream().map(Delivery.State::label).toList())
        .map((row, _) -> Map.entry(Delivery.State.of(row.getString("state")), row.getLong("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  private static @Nullable String value(@Nullable IntegrationId id) {
    return id == null ? null : id.value();
  }

  @SystemScope("the outbox is served across organizations")
  static boolean anyReady(Tx tx) {
    return tx.handle()
        .createQuery(
            "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending') AND state = 'pending' AND next_at <= :now LIMIT 1")
        .bind("now", tx.now())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** First of each conversation that may go now, and none behind one that is still under way. */
  @SystemScope("the outbox is served across organizations")
  static List<Delivery> claim(Tx tx, String owner, long leaseMillis, int limit) {
    List<Delivery> claimed =
        tx.handle()
            .createQuery(
                """
                SELECT o.* FROM outbox o WHERE o.state IN ('pending', 'sending') AND o.state = 'pending' AND o.next_at <= :now AND NOT EXISTS (
                  SELECT 1 FROM outbox p WHERE p.org_id = o.org_id AND p.conversation_key = o.conversation_key
                  AND p.id < o.id AND p.state IN ('pending', 'sending'))
                ORDER BY o.id LIMIT :limit
                """
                    + tx.dialect().skipLocked())
            .bind("now", tx.now())
            .bind("limit", limit)
            .map(ROW)
            .list();
    for (Delivery delivery : claimed) {
      tx.handle()
          .createUpdate(
              """
              UPDATE outbox SET state = 'sending', fence = fence + 1, attempts = attempts + 1,
                lease_owner = :owner, lease_until = :until WHERE id = :id
              """)
          .bind("id", delivery.id().value())
          .bind("owner", owner)
          .bind("until", tx.now() + leaseMillis)
          .execute();
    }
    return claimed;
  }

  /** Under way, but whoever sends them is gone. */
  @SystemScope("the outbox is served across organizations")
  static List<Delivery> stale(Tx tx, long leaseMillis) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM outbox WHERE state IN ('pending', 'sending') AND state = 'sending'
            AND (lease_until < :now OR lease_until > :now + 2 * :lease) ORDER BY id LIMIT 200
            """)
        .bind("now", tx.now())
        .bind("lease", leaseMillis)
        .map(ROW)
        .list();
  }

  @SystemScope("leases of a process that is gone, whatever organization they belong to")
  static int expireAll(Tx tx) {
    return tx.handle()
        .createUpdate(
            "UPDATE outbox SET lease_until = 0 WHERE state IN ('pending', 'sending') AND state = 'sending'")
        .execute();
  }

  /** Ends or re-queues an attempt; false when another node took over meanwhile. */
  static boolean settle(Tx tx, OrgId org, DeliveryId id, Settled settled) {
    boolean over = settled.state() != Delivery.State.PENDING;
    return tx.handle()
            .createUpdate(
                """
                UPDATE outbox SET state = :state, remote_id = COALESCE(:remote, remote_id), error = :error,
                  next_at = :next, lease_owner = NULL, lease_until = NULL, finished_at = :finished
                WHERE org_id = :org AND id = :id AND fence = :fence AND state IN ('sending', 'unknown')
                """)
            .bind("org", org.value())
            .bind("id", id.value())
            .bind("fence", settled.fence())
            .bind("state", settled.state().label())
            .bind("remote", settled.remoteId())
            .bind("error", settled.error())
            .bind("next", settled.nextAt())
            .bind("finished", over ? tx.now() : null)
            .execute()
        == 1;
  }

  /** How an attempt ended. */
  record Settled(
      long fence,
      Delivery.State state,
      @Nullable String remoteId,
      @Nullable String error,
      long nextAt) {}

  static void readdress(Tx tx, OrgId org, String conversation, String address) {
    tx.handle()
        .createUpdate(
            """
            UPDATE outbox SET address = :address
            WHERE org_id = :org AND conversation_key = :conversation AND state IN ('pending', 'sending')
            """)
        .bind("org", org.value())
        .bind("conversation", conversation)
        .bind("address", address)
        .execute();
  }

  static Optional<Delivery> find(Tx tx, OrgId org, DeliveryId id) {
    return tx.handle()
        .createQuery("SELECT * FROM outbox WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** Newest first. */
  static List<Delivery> list(Tx tx, OrgId org, Deliveries.Query query) {
    Conditions where =
        (query.run() == null && query.conversation() == null
                ? Conditions.byId("org_id", org)
                : Conditions.in(org))
            .and("state = :state", "state", query.state() == null ? null : query.state().label())
            .and("run_id = :run", "run", query.run())
            .and("conversation_key = :conversation", "conversation", query.conversation())
            .and("id < :before", "before", query.before());
    return tx.handle()
        .createQuery("SELECT * FROM outbox" + where.sql() + " ORDER BY id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map(ROW)
        .list();
  }
}
