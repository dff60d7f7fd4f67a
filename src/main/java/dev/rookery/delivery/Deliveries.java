package dev.rookery.delivery;

import dev.rookery.inbox.Conversations;
import dev.rookery.integrations.Integrations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The front door to what was said: lists the outbox and lets a person decide what became of unknown
 * messages.
 */
public final class Deliveries {
  private final Database database;
  private final Journal journal;

  public Deliveries(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** Which messages, newest first; null means any. */
  public record Query(
      Delivery.@Nullable State state,
      @Nullable RunId run,
      @Nullable String conversation,
      @Nullable DeliveryId before,
      int limit) {}

  /** What a person says about a message of which Rookery does not know whether it arrived. */
  public enum Resolution {
    /** It arrived. */
    HAPPENED,
    /** It did not: send it again. */
    RETRY,
    /** Leave it unsent. */
    SKIP
  }

  public List<Delivery> list(OrgId org, Query query) {
    return database.read(org, tx -> OutboxStore.list(tx, org, query));
  }

  /** Messages per state. */
  public Map<Delivery.State, Long> counts(OrgId org) {
    return counts(org, EnumSet.allOf(Delivery.State.class));
  }

  /** Messages per state, of these states. */
  public Map<Delivery.State, Long> counts(OrgId org, Set<Delivery.State> states) {
    return database.read(org, tx -> OutboxStore.count(tx, org, states));
  }

  /**
   * @throws Refusal {@code delivery-not-found}
   */
  public Delivery find(OrgId org, DeliveryId id) {
    return database
        .read(org, tx -> OutboxStore.find(tx, org, id))
        .orElseThrow(() -> Refusal.notFound("delivery", id.value()));
  }

  /**
   * Ends the wait of an unknown message.
   *
   * @throws Refusal {@code delivery-not-found}, or {@code not-unknown} when it does not wait for a
   *     person
   */
  public void resolve(OrgId org, DeliveryId id, Resolution resolution, String by) {
    database.write(
        org,
        tx -> {
          Delivery delivery =
              OutboxStore.find(tx, org, id)
                  .orElseThrow(() -> Refusal.notFound("delivery", id.value()));
          Delivery.State next =
              switch (resolution) {
                case HAPPENED -> Delivery.State.SENT;
                case RETRY -> Delivery.State.PENDING;
                case SKIP -> Delivery.State.FAILED;
              };
          long fence = delivery.progress().fence();
          if (delivery.progress().state() != Delivery.State.UNKNOWN
              || !OutboxStore.settle(
                  tx,
                  org,
                  id,
                  new OutboxStore.Settled(fence, next, null, "decided by " + by, tx.now()))) {
            throw notUnknown(delivery);
          }
          journal.append(
              tx,
              org,
              new JournalEntry(
                      "delivery.resolved",
                      id.value(),
                      delivery.conversation(),
                      Json.object()
                          .put("resolution", resolution.name().toLowerCase(Locale.ROOT))
                          .put("by", by))
                  .of(OutboxStore.agent(tx, org, delivery.run())));
          return next;
        });
  }

  private static Refusal notUnknown(Delivery delivery) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "not-unknown",
        "Delivery "
            + delivery.id()
            + " is "
            + delivery.progress().state().label()
            + "; only unknown ones wait for a decision.");
  }

  /** Starts to serve the outbox on this node. */
  public DeliveryLoop serve(Serving serving) {
    Courier courier =
        new Courier(
            new Courier.Ground(database, journal, serving.artifacts()::recordSent),
            serving.integrations(),
            serving.conversations(),
            serving.senders());
    return new DeliveryLoop(database, courier, serving.node());
  }

  /** What serving needs. */
  public record Serving(
      NodeId node,
      Integrations integrations,
      Conversations conversations,
      Senders senders,
      Artifacts artifacts) {}
}
