package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the gateway, from its upgrade to its end. Puts the parts of a message together,
 * brings answers to those who asked, and keeps events in order until they are taken.
 */
final class GatewaySocket implements WebSocket.Listener {
  /** So many events are read ahead; then the server has to wait. */
  private static final int AHEAD = 2_000;

  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration DEAD = Duration.ofSeconds(45);
  private static final GatewayEvent NUDGE = new GatewayEvent("", 0, Json.object());

  private final BlockingQueue<GatewayEvent> events = new LinkedBlockingQueue<>();
  private final Map<String, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final CompletableFuture<CliFailure> end = new CompletableFuture<>();
  private final AtomicLong requests = new AtomicLong();
  private final StringBuilder parts = new StringBuilder();
  private @Nullable WebSocket socket;
  private boolean held;
  private volatile String replacing = "";
  private volatile long heard = System.nanoTime();
  private volatile long pinged = System.nanoTime();

  @Override
  public synchronized void onOpen(WebSocket opened) {
    socket = opened;
    opened.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    heard = System.nanoTime();
    parts.append(data);
    if (last) {
      String message = parts.toString();
      parts.setLength(0);
      take(message);
    }
    askForMore(from);
    return null;
  }

  private synchronized void askForMore(WebSocket from) {
    held = events.size() >= AHEAD && open.isEmpty();
    if (!held) {
      from.request(1);
    }
  }

  private synchronized void release() {
    if (held && socket != null) {
      held = false;
      socket.request(1);
    }
  }

  private void take(String message) {
    JsonNode frame;
    try {
      frame = Json.parse(message);
    } catch (Refusal _) {
      ended(new CliFailure(Exit.FAILED, "The server sent something that is no JSON over /ws."));
      return;
    }
    switch (frame.path("type").asText()) {
      case "event" -> events.add(GatewayEvent.of(frame));
      case "res" -> {
        String id = frame.path("id").asText();
        if (id.equals(replacing)) {
          events.clear();
        }
        CompletableFuture<JsonNode> waiting = open.remove(id);
        if (waiting != null) {
          waiting.complete(frame);
        }
      }
      default -> {}
    }
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    heard = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    heard = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended(closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended(CliFailure.unreachable("The connection to the server broke: " + error + ".", error));
  }

  /** What a close code means for a client (docs/gateway.md). */
  private static CliFailure closed(int code, String reason) {
    String why = reason.isBlank() ? "close code " + code : reason;
    return switch (code) {
      case 4401, 4403 ->
          new CliFailure(Exit.AUTH, "The server closed the connection: %s".formatted(why));
      case 4400, 1009 ->
          new CliFailure(
              Exit.FAILED,
              "The server does not understand this client: %s Is it another version?"
                  .formatted(why));
      default -> CliFailure.unreachable("The server closed the connection: " + why, null);
    };
  }

  private void ended(CliFailure failure) {
    end.complete(failure);
    open.forEach((_, waiting) -> waiting.completeExceptionally(failure));
    nudge();
  }

  /** Why it is over; null while it is not. */
  @Nullable CliFailure end() {
    return end.getNow(null);
  }

  /** Has the one who waits in {@link #next} look around. */
  void nudge() {
    events.add(NUDGE);
  }

  /** What came, in order; empty when nothing did in time, after a nudge, and at the end. */
  List<GatewayEvent> next(Duration patience) throws InterruptedException {
    List<GatewayEvent> taken = new ArrayList<>();
    long deadline = System.nanoTime() + patience.toNanos();
    GatewayEvent first = null;
    while (first == null && end() == null) {
      long left = Math.min(deadline - System.nanoTime(), QUIET.toNanos());
      first = events.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
      if (first == null && deadline - System.nanoTime() <= 0) {
        return List.of();
      }
      listen();
    }
    if (first != null) {
      taken.add(first);
    }
    events.drainTo(taken);
    taken.removeIf(event -> event.equals(NUDGE));
    release();
    return taken;
  }

  /** A connection on which nothing comes is asked whether it is one. */
  private void listen() {
    long now = System.nanoTime();
    if (now - heard > DEAD.toNanos()) {
      ended(CliFailure.unreachable("The server has not been heard for a while.", null));
      abort();
    } else if (now - heard > QUIET.toNanos() && now - pinged > QUIET.toNanos()) {
      pinged = now;
      WebSocket to = opened();
      if (to != null) {
        var _ = to.sendPing(ByteBuffer.allocate(0));
      }
    }
  }

  private synchronized @Nullable WebSocket opened() {
    return socket;
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws CliFailure with the exit code of the problem; {@link CliFailure#mayPass} when the
   *     connection is lost
   */
  JsonNode call(String method, ObjectNode params, Duration limit) {
    return call(Long.toString(requests.incrementAndGet()), method, params, limit);
  }

  /** Watches something else: events before the answer belong to what was watched until then. */
  JsonNode replace(ObjectNode params, Duration limit) {
    String id = "subscribe-" + requests.incrementAndGet();
    replacing = id;
    return call(id, "subscribe", params, limit);
  }

  private JsonNode call(String id, String method, ObjectNode params, Duration limit) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    open.put(id, answer);
    CliFailure over = end();
    if (over != null) {
      throw over;
    }
    release();
    ObjectNode request = Json.object().put("type", "req").put("id", id).put("method", method);
    request.set("params", params);
    send(Json.write(request));
    return payload(await(answer, limit));
  }

  /** A socket takes one message after another. */
  private synchronized void send(String text) {
    WebSocket to = socket;
    if (to == null) {
      return;
    }
    try {
      to.sendText(text, true).orTimeout(DEAD.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw CliFailure.unreachable("The connection to the server broke.", e);
    }
  }

  private static JsonNode await(CompletableFuture<JsonNode> answer, Duration limit) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw CliFailure.unreachable("The server did not answer in time.", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CliFailure failure
          ? failure
          : CliFailure.unreachable("The connection to the server broke.", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
  }

  private static JsonNode payload(JsonNode frame) {
    if (frame.path("ok").asBoolean()) {
      return frame.path("payload");
    }
    JsonNode error = frame.path("error");
    int status = error.path("status").asInt();
    String message = error.path("message").asText() + " (" + error.path("code").asText() + ")";
    throw status == 503
        ? CliFailure.unreachable(message, null)
        : new CliFailure(Exit.ofStatus(status), message);
  }

  /** Says goodbye; does not wait for the other side. */
  void close() {
    WebSocket to = opened();
    if (to != null && end() == null) {
      var _ = to.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
    ended(CliFailure.unreachable("The connection was closed.", null));
  }

  void abort() {
    WebSocket to = opened();
    if (to != null) {
      to.abort();
    }
  }
}
