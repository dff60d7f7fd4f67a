package dev.rookery.dispatch;

import dev.rookery.activation.Activations;
import dev.rookery.agents.Agents;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.integrations.Integrations;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Text;
import dev.rookery.models.Models;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.Orgs;
import dev.rookery.runs.Reruns;
import dev.rookery.runs.Runs;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves accepted events: each conversation in order, many conversations side by side. An event
 * that cannot be dispatched is tried again and at last put among the dead letters, where a person
 * finds and replays it.
 */
public final class Dispatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofHours(24);
  private static final int SIDE_BY_SIDE = 64;
  private static final int SCAN = 500;
  private static final int MAX_ATTEMPTS = 5;

  private final Database database;
  private final Events events;
  private final Dispatcher dispatcher;
  private final Attachments attachments;
  private final Map<Lane, Integer> lanes = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(SIDE_BY_SIDE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dispatch-", 0).factory());
  private final Loop scan;
  private final Gatekeeper gatekeeper;
  private volatile boolean closed;

  private record Lane(OrgId org, String conversation) {}

  /** The rooms that dispatch stands on. */
  public record Rooms(
      Database database,
      Inbox inbox,
      Events events,
      Conversations conversations,
      Integrations integrations,
      Activations activations,
      Flow flow,
      GateRooms gates) {
    Journal journal() {
      return gates.journal();
    }
  }

  /**
   * Where events go.
   *
   * @param results takes results of workers that nobody waited for; says whether it did
   */
  public record Flow(
      Runs runs, Approvals approvals, Outbox outbox, BiPredicate<Tx, Event> results) {}

  /** What relevance gates are asked with. */
  public record GateRooms(Journal journal, Orgs orgs, Agents agents, Models models, Spend spend) {}

  /**
   * How much at once, and how long.
   *
   * @param gate the longest a relevance gate is waited for
   */
  public record Limits(QueueLimits queue, Duration gate) {
    public static final Limits DEFAULT = new Limits(QueueLimits.DEFAULT, Duration.ofSeconds(10));
  }

  /** With the usual limits. */
  public Dispatch(Rooms rooms, Attachments attachments) {
    this(rooms, attachments, Limits.DEFAULT);
  }

  public Dispatch(Rooms rooms, Attachments attachments, Limits limits) {
    this.database = rooms.database();
    this.events = rooms.events();
    this.attachments = attachments;
    this.dispatcher =
        new Dispatcher(
            new Dispatcher.Rooms(
                rooms.events(),
                rooms.conversations(),
                rooms.integrations(),
                rooms.activations(),
                rooms.flow().runs()),
            new Dispatcher.Doors(
                new Commands(rooms.conversations(), rooms.flow().runs(), rooms.flow().outbox()),
                new Choices(rooms.flow().approvals(), rooms.flow().outbox()),
                new RerunDoor(rooms.activations(), reruns(rooms), DEADLINE),
                rooms.flow().results()),
            limits.queue(),
            DEADLINE);
    this.gatekeeper =
        new Gatekeeper(rooms, dispatcher, new RelevanceGate(rooms.gates().models(), limits.gate()));
    this.scan = Loop.start("dispatch-scan", POLL, this::scanRound);
    rooms.inbox().onAccepted((org, conversation) -> offer(new Lane(org, conversation)));
  }

  private static Reruns reruns(Rooms rooms) {
    return new Reruns(rooms.database(), rooms.journal(), rooms.flow().runs());
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(scan, gatekeeper.loop());
  }

  /** What a crash, a retry or another node left; accepted events come by themselves. */
  private boolean scanRound() {
    List<Events.Pending> pending = events.pending(SCAN);
    pending.forEach(p -> offer(new Lane(p.org(), p.conversation())));
    return false;
  }

  private void offer(Lane lane) {
    if (!closed && lanes.merge(lane, 1, Integer::sum) == 1) {
      threads.execute(() -> serve(lane));
    }
  }

  /** Until nothing was offered since the last look: what is offered meanwhile is never missed. */
  private void serve(Lane lane) {
    int seen = 0;
    while (lanes.getOrDefault(lane, 0) > seen) {
      seen = lanes.getOrDefault(lane, 0);
      drain(lane);
      int looked = seen;
      lanes.computeIfPresent(lane, (_, offered) -> offered == looked ? null : offered);
    }
  }

  private void drain(Lane lane) {
    places.acquireUninterruptibly();
    try {
      boolean more = true;
      while (more && !closed) {
        more = next(lane);
      }
    } catch (StorageUnavailable e) {
      log.warn("dispatch waits for the database; nothing is lost: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("dispatch of conversation {} stopped; it is scanned again", lane.conversation(), e);
    } finally {
      places.release();
    }
  }

  private boolean next(Lane lane) {
    try {
      Tried tried = database.write(lane.org(), tx -> attempt(tx, lane, null));
      if (tried instanceof Tried.NeedsFiles(Event event)) {
        List<String> notes = attachments.fetch(event);
        tried = database.write(lane.org(), tx -> attempt(tx, lane, new Fetched(event, notes)));
      }
      return switch (tried) {
        case Tried.Nothing() -> false;
        case Tried.Dispatched(boolean more) -> more;
        case Tried.NeedsFiles(_) -> true;
      };
    } catch (StorageUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      setAside(lane, e);
      return true;
    }
  }

  /**
   * The event that broke dispatch is tried again later, and at last becomes a dead letter; the
   * others go on.
   */
  private void setAside(Lane lane, RuntimeException cause) {
    String error =
        cause.getClass().getSimpleName()
            + ": "
            + Text.brief(String.valueOf(cause.getMessage()), 300);
    database.write(
        lane.org(),
        tx -> {
          Event event = events.nextPending(tx, lane.org(), lane.conversation()).orElse(null);
          if (event != null) {
            int attempts = event.dispatch().attempts() + 1;
            boolean dead = attempts >= MAX_ATTEMPTS;
            log.error(
                "event {} could not be dispatched (attempt {}); {}",
                event.id(),
                attempts,
                dead ? "it is a dead letter now" : "it is tried again",
                cause);
            Long retryAt = dead ? null : tx.now() + (1_000L << attempts);
            events.failed(tx, lane.org(), event, error, retryAt);
          }
          return lane;
        });
  }

  private record Fetched(Event event, List<String> notes) {}

  private sealed interface Tried {
    record Nothing() implements Tried {}

    /** More of the conversation's events wait: seen in the same transaction, to save one. */
    record Dispatched(boolean more) implements Tried {}

    record NeedsFiles(Event event) implements Tried {}
  }

  private Tried attempt(Tx tx, Lane lane, @Nullable Fetched fetched) {
    Event event = events.nextPending(tx, lane.org(), lane.conversation()).orElse(null);
    if (event == null) {
      return new Tried.Nothing();
    }
    boolean have = fetched != null && fetched.event().id().equals(event.id());
    if (!event.what().content().attachments().isEmpty() && !have) {
      return new Tried.NeedsFiles(event);
    }
    if (dispatcher.dispatch(tx, event, have && fetched != null ? fetched.notes() : List.of())) {
      tx.afterCommit(gatekeeper::wake);
    }
    return new Tried.Dispatched(events.anyPending(tx, lane.org(), lane.conversation()));
  }

  @Override
  public void close() {
    closed = true;
    scan.close();
    gatekeeper.close();
    threads.close();
  }
}
