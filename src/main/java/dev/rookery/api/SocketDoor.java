package dev.rookery.api;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades to WebSockets. It stays below the servlet layer, where a listener sees pongs and decides
 * how fast it reads.
 */
final class SocketDoor extends Handler.Wrapper {
  private static final Logger log = LoggerFactory.getLogger(SocketDoor.class);
  private static final Problem NO_UPGRADE =
      new Problem(426, "upgrade-required", "This is a WebSocket; docs/gateway.md describes it.");

  private final List<Socket> sockets;
  private final ServerWebSocketContainer container;
  private final Gate gate;
  private final Counters counters;

  /** What it works with. */
  record Ground(ServerWebSocketContainer container, Gate gate, Counters counters) {}

  SocketDoor(Handler next, List<Socket> sockets, Ground ground) {
    super(next);
    this.sockets = sockets;
    this.container = ground.container();
    this.gate = ground.gate();
    this.counters = ground.counters();
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getCanonicalPath();
    for (Socket socket : sockets) {
      if (socket.path().equals(path)) {
        upgrade(socket, request, response, callback);
        return true;
      }
    }
    return super.handle(request, response, callback);
  }

  private void upgrade(Socket socket, Request request, Response response, Callback callback) {
    long start = System.nanoTime();
    String trace = Trace.id(request.getHeaders().get("traceparent"));
    Problem problem;
    try {
      problem = open(socket, request, response, callback);
    } catch (RuntimeException | Error e) {
      problem = Problem.of(e);
      if (!problem.expected()) {
        log.error("an upgrade failed inside; the caller was told 500, trace {}", trace, e);
      }
    }
    int status = problem == null ? 101 : problem.status();
    counters.served("GET " + socket.path(), status, System.nanoTime() - start);
    if (problem != null) {
      refuse(problem, trace, response, callback);
    }
  }

  /** Null when the container has taken the request over. */
  private @Nullable Problem open(
      Socket socket, Request request, Response response, Callback callback) {
    if (!"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      return NO_UPGRADE;
    }
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    String key = authorization == null ? null : gate.recognised(authorization);
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String host = request.getHeaders().get(HttpHeader.HOST);
    Session.Listener listener = socket.opening().open(origin, host, key);
    boolean upgraded =
        container.upgrade(
            (_, answer, _) -> {
              answer.setExtensions(List.of()); // compression costs memory for each socket
              return listener;
            },
            request,
            response,
            callback);
    return upgraded ? null : NO_UPGRADE;
  }

  private static void refuse(Problem problem, String trace, Response response, Callback callback) {
    response.setStatus(problem.status());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.getHeaders().put(Trace.HEADER, trace);
    problem.headers().forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(problem.body(trace)), callback);
  }
}
