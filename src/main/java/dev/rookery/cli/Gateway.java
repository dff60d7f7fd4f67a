package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The journal, live, over the WebSocket gateway (docs/gateway.md). It outlives connections: one
 * that is lost is made again, to wherever the server is by then, and goes on after the last record
 * that was handed out, so that none is missing and none comes twice.
 *
 * <p>One thread takes events with {@link #next}; any thread may {@link #call}.
 */
final class Gateway implements AutoCloseable {
  /** From now on. */
  static final long NOW = -1;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Api api;
  private final Patience patience;
  private @Nullable ObjectNode scope;
  private final String device = Ids.next("cli");
  private volatile long seen;
  private long head;
  private boolean away;
  private boolean closed;
  private @Nullable GatewaySocket socket;

  /**
   * @param patience how long a server may be away; told when it is
   * @param scope what to watch, as {@code connect} takes it; null is everything
   * @param after number of the last record that is known, or {@link #NOW}
   */
  Gateway(Api api, Patience patience, @Nullable ObjectNode scope, long after) {
    this.api = api;
    this.patience = patience;
    this.scope = scope;
    this.seen = after;
  }

  /**
   * Connects, without patience: a server that is not there now is a mistake of who asks.
   *
   * @throws CliFailure when it cannot
   */
  synchronized Gateway open() {
    socket = connect();
    return this;
  }

  /** Watches something else from now on; what came before and was not taken is forgotten. */
  void replace(ObjectNode other, long after) {
    synchronized (this) {
      scope = other;
      seen = after;
    }
    ObjectNode params = Json.object().put("after", after);
    params.set("scope", other);
    patience.call(() -> connected().replace(params, ANSWER));
  }

  /** Number of the newest record when the connection was made. */
  synchronized long head() {
    return head;
  }

  /** Number of the last record that was handed out, or after which events begin. */
  long seen() {
    return seen;
  }

  /**
   * What happened, in order; empty when nothing did in time or after a {@link #nudge}.
   *
   * @throws CliFailure when the server is away for too long, or will not have this client
   */
  List<GatewayEvent> next(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      GatewaySocket from = connected();
      List<GatewayEvent> fresh = fresh(from, Duration.ofNanos(deadline - System.nanoTime()));
      if (!fresh.isEmpty() || from.end() == null) {
        return fresh;
      }
      CliFailure end = from.end();
      if (end != null && !end.mayPass()) {
        throw end;
      }
    }
  }

  private List<GatewayEvent> fresh(GatewaySocket from, Duration limit) {
    List<GatewayEvent> fresh = new ArrayList<>();
    try {
      for (GatewayEvent event : from.next(limit)) {
        if (event.token() || event.seq() > seen) {
          fresh.add(event);
          seen = Math.max(seen, event.seq());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
    return fresh;
  }

  /**
   * Has a record that was read elsewhere count as handed out.
   *
   * @return whether it was not before
   */
  boolean advance(long seq) {
    boolean fresh = seq > seen;
    seen = Math.max(seen, seq);
    return fresh;
  }

  /** Has the one who waits in {@link #next} look around. */
  synchronized void nudge() {
    if (socket != null) {
      socket.nudge();
    }
  }

  /**
   * Asks for something that may be asked twice: over another connection if this one is lost.
   *
   * @throws CliFailure with the exit code of the problem
   */
  JsonNode call(String method, ObjectNode params) {
    return patience.call(() -> connected().call(method, params, ANSWER));
  }

  private synchronized GatewaySocket connected() {
    if (closed) {
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
    GatewaySocket now = socket;
    if (now != null && now.end() == null) {
      return now;
    }
    CliFailure end = now == null ? null : now.end();
    if (end != null && !end.mayPass()) {
      throw end;
    }
    if (end != null) {
      away = true;
      patience.tell("· the server does not answer; trying again …");
    }
    GatewaySocket made = away ? patience.again(this::connect) : patience.call(this::connect);
    if (away) {
      away = false;
      patience.tell("· the server is back");
    }
    socket = made;
    return made;
  }

  private GatewaySocket connect() {
    GatewaySocket made = new GatewaySocket();
    Address address = api.keyed();
    upgrade(address, made);
    try {
      JsonNode welcome = made.call("connect", hello(), CONNECT);
      head = welcome.path("head").asLong();
      if (seen < 0) {
        seen = welcome.path("after").asLong();
      }
      return made;
    } catch (CliFailure failure) {
      made.abort();
      throw failure;
    }
  }

  private ObjectNode hello() {
    ObjectNode params =
        Json.object().put("version", "2").put("client", "rookery-cli").put("device", device);
    if (seen >= 0) {
      params.put("after", seen);
    }
    if (scope != null) {
      params.set("scope", scope);
    }
    return params;
  }

  private void upgrade(Address address, GatewaySocket made) {
    try {
      api.http()
          .newWebSocketBuilder()
          .header("Authorization", "Bearer " + address.key())
          .connectTimeout(CONNECT)
          .buildAsync(URI.create(address.url().replaceFirst("^http", "ws") + "/ws"), made)
          .get(CONNECT.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw refused(address, e);
    } catch (TimeoutException e) {
      throw CliFailure.unreachable(address.url() + " does not answer.", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
  }

  private static CliFailure refused(Address address, ExecutionException e) {
    if (e.getCause() instanceof WebSocketHandshakeException handshake) {
      return Api.problem(address, handshake.getResponse().statusCode(), "");
    }
    return e.getCause() instanceof IOException cause
        ? Api.away(address, cause)
        : CliFailure.because("The server at " + address.url() + " cannot be reached.", e);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (socket != null) {
      socket.close();
    }
  }
}
