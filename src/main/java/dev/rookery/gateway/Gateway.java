package dev.rookery.gateway;

import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.streams.Streams;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket gateway of a node, protocol "2" (spec 02, "Streaming and the gateway";
 * docs/gateway.md). A socket is a cursor into the journal and a way to call routes: it owns
 * nothing, and its end changes nothing but itself.
 */
public final class Gateway implements AutoCloseable {
  /** Where it is served. */
  public static final String PATH = "/ws";

  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final Office office;
  private final Origins origins;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Map<Ending, LongAdder> closed = new EnumMap<>(Ending.class);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Loop watch;
  private volatile boolean closing;

  /** What it reads, and who it is. */
  public record Rooms(Streams streams, ApiKeys keys, Agents agents, Journal journal, NodeId node) {}

  public Gateway(Rooms rooms, Calls calls, Origins origins) {
    this(new Office(rooms, calls, Limits.USUAL, new FrameWriter()), origins);
  }

  Gateway(Office office, Origins origins) {
    this.office = office;
    this.origins = origins;
    Arrays.stream(Ending.values()).forEach(ending -> closed.put(ending, new LongAdder()));
    this.watch = Loop.start("gateway", office.limits().tick(), this::look);
  }

  /** The methods that are routes, for documents and tests. */
  public static List<Method> methods() {
    return MethodRules.all();
  }

  /** The background loop, for health. */
  public List<Loop> loops() {
    return List.of(watch);
  }

  /**
   * Decides about an upgrade.
   *
   * @param origin header Origin
   * @param host header Host
   * @param key an API key that was recognised, or null when it is to come with {@code connect}
   * @throws Refusal {@code origin-not-allowed}, {@code stopping}
   */
  public Session.Listener open(
      @Nullable String origin, @Nullable String host, @Nullable String key) {
    if (closing) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE, "stopping", "The server is stopping; connect again.");
    }
    if (!OriginRules.allows(origin, host, origins.allowed())) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          "origin-not-allowed",
          "Pages of this origin may not open a socket; add it to ROOKERY_ALLOWED_ORIGINS.");
    }
    return new Link(office, new Registry(), key);
  }

  /** Sockets that are open now. */
  public int openSockets() {
    return links.size();
  }

  /** How many were closed since the start, by reason. */
  public Map<String, Long> closedSockets() {
    return closed.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().label(), e -> e.getValue().sum()));
  }

  private boolean look() {
    links.forEach(Link::tick);
    return false;
  }

  private final class Registry implements Link.Register {
    @Override
    public boolean enter(Link link) {
      links.add(link);
      return !closing;
    }

    @Override
    public void leave(Link link) {
      links.remove(link);
      if (closing && links.isEmpty()) {
        gone.countDown();
      }
    }

    @Override
    public void count(Ending ending) {
      LongAdder count = closed.get(ending);
      if (count != null) {
        count.increment();
      }
    }
  }

  /** Tells all clients that the server stops, and waits half a second for them at most. */
  @Override
  public void close() {
    closing = true;
    links.forEach(link -> link.end(Ending.STOPPING));
    try {
      boolean empty = links.isEmpty() || gone.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      if (!empty) {
        links.forEach(Link::drop);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch.close();
  }
}
