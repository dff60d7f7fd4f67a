package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the gateway as a program would write it. */
final class Client implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<JsonNode> responses = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final List<JsonNode> seen = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Closed> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private int asked;

  /** How the server ended it. */
  record Closed(int code, String reason) {}

  private Client(URI url, @Nullable String key, @Nullable String origin) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (key != null) {
      builder.header("Authorization", "Bearer " + key);
    }
    if (origin != null) {
      builder.header("Origin", origin);
    }
    this.socket = builder.buildAsync(url, new Ear()).orTimeout(20, TimeUnit.SECONDS).join();
  }

  static URI socket(String server) {
    return URI.create(server.replaceFirst("http", "ws") + Gateway.PATH);
  }

  /** Open, and not connected yet. */
  static Client open(String server, @Nullable String key) {
    return new Client(socket(server), key, null);
  }

  static Client from(String server, String origin) {
    return new Client(socket(server), null, origin);
  }

  /** Connected, from now on. */
  static Client connected(String server, String key) {
    return connected(server, key, Json.object());
  }

  static Client connected(String server, @Nullable String key, ObjectNode params) {
    Client client = open(server, key);
    JsonNode answer = client.ask("connect", params.put("version", "2"));
    if (!answer.path("ok").asBoolean()) {
      throw new AssertionError(answer);
    }
    return client;
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(Json.parse(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode frame) {
      if (frame.path("type").asText().equals("res")) {
        responses.add(frame);
      } else {
        seen.add(frame);
        events.add(frame);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(new Closed(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(new Closed(1006, String.valueOf(error)));
    }
  }

  /** Sends it as it is. */
  Client raw(String text) {
    socket.sendText(text, true).orTimeout(20, TimeUnit.SECONDS).join();
    return this;
  }

  Client binary() {
    socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
    return this;
  }

  /** Sends a request; its id is the answer. */
  String send(String method, ObjectNode params) {
    String id = "q" + ++asked;
    ObjectNode frame = Json.object().put("type", "req").put("id", id).put("method", method);
    frame.set("params", params);
    raw(Json.write(frame));
    return id;
  }

  /** As {@link #send}, over a socket that the server may be closing. */
  void trySend(String method, ObjectNode params) {
    try {
      send(method, params);
    } catch (CompletionException e) {
      closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /** One request and its response; others must not be open. */
  JsonNode ask(String method, ObjectNode params) {
    String id = send(method, params);
    JsonNode answer = response();
    if (!answer.path("id").asText().equals(id)) {
      throw new AssertionError("asked as " + id + ", answered: " + answer);
    }
    return answer;
  }

  JsonNode response() {
    return poll(responses, "response");
  }

  /** Responses that came and were not taken. */
  List<JsonNode> responses() {
    return List.copyOf(responses);
  }

  JsonNode event() {
    return poll(events, "event");
  }

  /** Waits for an event. */
  JsonNode event(Predicate<JsonNode> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode event = event();
      if (wanted.test(event)) {
        return event;
      }
    }
    throw new AssertionError("it did not come among " + seen);
  }

  JsonNode event(String name) {
    return event(event -> event.path("event").asText().equals(name));
  }

  /** All events that came. */
  List<JsonNode> seen() {
    return seen;
  }

  /** The numbers of the records that came. */
  List<Long> numbers() {
    return seen.stream().filter(e -> e.has("seq")).map(e -> e.path("seq").asLong()).toList();
  }

  private JsonNode poll(BlockingQueue<JsonNode> queue, String what) {
    try {
      JsonNode frame = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no " + what + " in time; " + closed + ", seen: " + seen);
      }
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Closed closed() {
    return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  boolean isOpen() {
    return !closed.isDone();
  }

  /** As a network that breaks. */
  @Override
  public void close() {
    socket.abort();
  }
}
