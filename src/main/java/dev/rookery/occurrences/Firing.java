package dev.rookery.occurrences;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Conversation;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an event of a time of a schedule, in the transaction that decides on it. */
final class Firing {
  static final String SOURCE = "schedule";
  private final Occurrences.Rooms rooms;

  Firing(Occurrences.Rooms rooms) {
    this.rooms = rooms;
  }

  /** A time and what was decided about it. */
  record Shot(Instant nominal, Verdict verdict, boolean byHand) {}

  /** The key is the time's, so that the same time is never two events. */
  EventId fire(Tx tx, Schedule schedule, Shot shot) {
    Where where = where(tx, schedule, shot.nominal());
    long lateMillis = Math.max(0, tx.now() - shot.nominal().toEpochMilli());
    ObjectNode payload =
        Json.object()
            .put("policy", schedule.id().value())
            .put("nominal", shot.nominal().toString())
            .put("verdict", shot.verdict().spelled())
            .put("late_ms", lateMillis)
            .put("prompt", schedule.config().prompt());
    if (shot.byHand()) {
      payload.put("by_hand", true);
    }
    if (schedule.config().untrusted()) {
      payload.put("untrusted", true);
    }
    Inbound tick =
        new Inbound(
            new Inbound.Origin(SOURCE, where.integration(), null),
            "tick",
            schedule.id() + ":" + shot.nominal().toEpochMilli(),
            where.place(),
            new Inbound.Actor(Inbound.Actor.Kind.SYSTEM, schedule.id().value(), "", 0),
            shot.nominal(),
            new Inbound.Content(schedule.config().prompt(), true, null, List.of()),
            payload);
    return rooms.inbox().accept(tx, schedule.org(), tick, schedule.policy().agent()).event();
  }

  private record Where(Inbound.Place place, @Nullable IntegrationId integration) {}

  private Where where(Tx tx, Schedule schedule, Instant nominal) {
    String to = schedule.config().to();
    Conversation conversation =
        to == null ? null : rooms.conversations().find(tx, schedule.org(), to).orElse(null);
    if (conversation != null) {
      return new Where(
          new Inbound.Place(
              conversation.key(),
              null,
              conversation.address(),
              conversation.name(),
              conversation.direct()),
          conversation.integration());
    }
    String own = "schedule:" + schedule.id();
    String key =
        schedule.config().overlap() == Overlap.ALLOW_ALL ? own + ":" + nominal.toEpochMilli() : own;
    return new Where(new Inbound.Place(key, null, key, schedule.policy().name(), true), null);
  }

  /**
   * Ends what is open of the schedule: runs are cancelled, events that nobody dispatched yet never
   * make one.
   */
  void cancelOthers(Tx tx, Schedule schedule, Instant nominal) {
    cancelFired(tx, schedule, nominal);
    OccurrenceStore.supersede(tx, schedule.org(), schedule.id(), cancelledBy(nominal), false);
  }

  /** As {@link #cancelOthers}, but what waits to fire goes on waiting. */
  void cancelFired(Tx tx, Schedule schedule, Instant nominal) {
    String by = by(nominal);
    for (EventId event : OccurrenceStore.lockPendingEvents(tx, schedule.org(), schedule.id())) {
      rooms.events().dispatched(tx, schedule.org(), event);
    }
    for (RunId run : OccurrenceStore.openRuns(tx, schedule.org(), schedule.id())) {
      rooms.runs().cancel(tx, schedule.org(), run, by);
    }
    OccurrenceStore.supersede(tx, schedule.org(), schedule.id(), cancelledBy(nominal), true);
  }

  private static String by(Instant nominal) {
    return "the next time of the schedule, " + nominal;
  }

  private static String cancelledBy(Instant nominal) {
    return "cancelled by " + by(nominal);
  }
}
