package dev.rookery.inbox;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The front door to events that are in: lists them, and hands them to dispatch in order. */
public final class Events {
  private final Database database;
  private final Journal journal;

  public Events(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** Which events, newest first; null means any. */
  public record Query(
      @Nullable String conversation,
      @Nullable String dispatch,
      @Nullable EventId before,
      int limit) {}

  /** A conversation with something to dispatch. */
  public record Pending(OrgId org, String conversation) {}

  public List<Event> list(OrgId org, Query query) {
    return database.read(org, tx -> EventStore.list(tx, org, query));
  }

  /**
   * Decisions at the door, newest first; rejected and skipped deliveries too.
   *
   * @param before id of the last one of the page before; null for the first page
   */
  public List<Ingress> ingress(OrgId org, @Nullable String before, int limit) {
    return database.read(org, tx -> EventStore.ingresses(tx, org, before, limit));
  }

  /**
   * As {@link #ingress}, of one webhook.
   *
   * @param source {@code webhook:pol_…}
   */
  public List<Ingress> webhookIngress(
      OrgId org, String source, @Nullable String before, int limit) {
    return database.read(org, tx -> EventStore.webhookIngresses(tx, org, source, before, limit));
  }

  /** Events that could not be dispatched and wait for a person. */
  public long deadLetters(OrgId org) {
    return database.read(org, tx -> EventStore.countDead(tx, org));
  }

  /**
   * @throws Refusal {@code event-not-found}
   */
  public Event find(OrgId org, EventId id) {
    return database
        .read(org, tx -> EventStore.find(tx, org, id))
        .orElseThrow(() -> Refusal.notFound("event", id.value()));
  }

  /** Conversations that wait for dispatch, oldest first, with repeats. */
  public List<Pending> pending(int limit) {
    return database.readAcrossOrgs(tx -> EventStore.pending(tx, limit));
  }

  /** The next event of a conversation, locked until commit. */
  public Optional<Event> nextPending(Tx tx, OrgId org, String conversation) {
    return EventStore.nextPending(tx, org, conversation);
  }

  /** Whether {@link #nextPending} would find one. */
  public boolean anyPending(Tx tx, OrgId org, String conversation) {
    return EventStore.anyPending(tx, org, conversation);
  }

  public void dispatched(Tx tx, OrgId org, EventId id) {
    EventStore.dispatched(tx, org, id);
  }

  /** Dispatch failed: tried again at a time, or, without one, put among the dead letters. */
  public void failed(Tx tx, OrgId org, Event event, String error, @Nullable Long retryAt) {
    String state = retryAt == null ? "dead" : "pending";
    EventStore.dispatch(
        tx,
        org,
        event.id(),
        new EventStore.Change(state, error, retryAt == null ? tx.now() : retryAt));
    if (retryAt == null) {
      journal.append(
          tx,
          org,
          new JournalEntry(
              "event.dead",
              event.id().value(),
              event.what().place().conversationKey(),
              Json.object().put("error", error)));
    }
  }

  /**
   * Dispatches a dead letter again.
   *
   * @throws Refusal {@code event-not-found}, or {@code not-dead}
   */
  public void replay(OrgId org, EventId id, String by) {
    database.write(
        org,
        tx -> {
          Event event =
              EventStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("event", id.value()));
          if (!event.dispatch().state().equals("dead")) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "not-dead",
                "Event "
                    + id
                    + " is "
                    + event.dispatch().state()
                    + "; only dead letters are replayed.");
          }
          EventStore.dispatch(tx, org, id, new EventStore.Change("pending", null, tx.now()));
          journal.append(
              tx,
              org,
              new JournalEntry(
                  "event.replayed",
                  id.value(),
                  event.what().place().conversationKey(),
                  Json.object().put("by", by)));
          return event;
        });
  }
}
