package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import io.javalin.websocket.WsMessageContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The gateway of a {@link FakeServer}: sends its journal, and can break off in every way. */
final class FakeSockets {
  private final FakeServer server;
  private final Map<String, WsContext> open = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> watched = new ConcurrentHashMap<>();
  private final List<JsonNode> hellos = new CopyOnWriteArrayList<>();
  private volatile @Nullable String refusal;
  private volatile boolean closed;

  FakeSockets(FakeServer server) {
    this.server = server;
  }

  void enter(WsConfig ws) {
    ws.onConnect(this::opened);
    ws.onMessage(this::message);
    ws.onClose(this::forget);
  }

  private void opened(WsConnectContext context) {
    context.session.setIdleTimeout(Duration.ofMinutes(1));
  }

  private void message(WsMessageContext context) throws InterruptedException {
    JsonNode request = Json.parse(context.message());
    JsonNode params = request.path("params");
    if (request.path("method").asText().equals("subscribe")) {
      welcome(context, request);
      return;
    }
    if (!request.path("method").asText().equals("connect")) {
      answer(context, request, server.call(request.path("method").asText(), params));
      return;
    }
    hellos.add(params);
    String refused = refusal;
    if (refused != null) {
      answer(context, request, new FakeServer.Prepared(400, refused));
    } else if (!("Bearer " + FakeServer.KEY).equals(context.header("Authorization"))) {
      context.closeSession(4401, "The API key is not known.");
    } else {
      welcome(context, request);
    }
  }

  private void welcome(WsMessageContext context, JsonNode request) {
    JsonNode params = request.path("params");
    long head = server.head();
    long after = params.path("after").asLong(head);
    ObjectNode payload = Json.object().put("version", "2").put("after", after).put("head", head);
    answer(context, request, new FakeServer.Prepared(200, Json.write(payload)));
    open.put(context.sessionId(), context);
    watched.put(context.sessionId(), request);
    Thread.ofVirtual().start(() -> pump(context, request, after));
  }

  private void pump(WsContext context, JsonNode request, long from) {
    JsonNode scope = request.path("params").path("scope");
    long seen = from;
    try {
      while (!closed && watched.get(context.sessionId()) == request) {
        for (ObjectNode record : server.after(seen, 50)) {
          seen = record.path("seq").asLong();
          if (concerns(record, scope)) {
            context.send(event("run.log", record).put("seq", seen).toString());
          }
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      forget(context);
    }
  }

  private void forget(WsContext context) {
    open.remove(context.sessionId());
    watched.remove(context.sessionId());
  }

  private static boolean concerns(JsonNode record, JsonNode scope) {
    return (!scope.has("conversation")
            || scope.path("conversation").equals(record.path("conversation")))
        && (!scope.has("run") || Watched.runOf(record).equals(scope.path("run").asText()));
  }

  private static ObjectNode event(String name, JsonNode payload) {
    ObjectNode event = Json.object().put("type", "event").put("event", name);
    event.set("payload", payload);
    return event;
  }

  private static void answer(WsContext context, JsonNode request, FakeServer.Prepared prepared) {
    boolean ok = prepared.status() / 100 == 2;
    ObjectNode frame = Json.object().put("type", "res").put("ok", ok);
    frame.set("id", request.path("id"));
    JsonNode body = prepared.body().isEmpty() ? Json.object() : Json.parse(prepared.body());
    if (ok) {
      frame.set("payload", body);
    } else {
      frame
          .putObject("error")
          .put("code", body.path("code").asText("some-code"))
          .put("message", body.path("detail").asText())
          .put("status", prepared.status());
    }
    context.send(frame.toString());
  }

  /** A piece of what a model says, to everybody. */
  void token(String run, String conversation, int attempt, String text) {
    ObjectNode token =
        Json.object()
            .put("run", run)
            .put("agent", "agt_1")
            .put("conversation", conversation)
            .put("step", 1)
            .put("attempt", attempt)
            .put("text", text);
    open.values().forEach(context -> context.send(event("run.token", token).toString()));
  }

  /** Params of every {@code connect}. */
  List<JsonNode> hellos() {
    return hellos;
  }

  /** Answers every {@code connect} with this problem; single quotes stand for double ones. */
  void refuse(String problem) {
    refusal = problem.replace('\'', '"');
  }

  /** Ends all connections, with a close frame or, with a code of 0, without. */
  void drop(int code, String reason) {
    for (WsContext context : List.copyOf(open.values())) {
      forget(context);
      if (code == 0) {
        context.session.disconnect();
      } else {
        context.closeSession(code, reason);
      }
    }
  }

  int connections() {
    return open.size();
  }

  void close() {
    closed = true;
    drop(0, "");
  }
}
