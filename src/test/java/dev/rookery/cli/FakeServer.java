package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/**
 * A server that speaks the HTTP contract and protocol 2 of the gateway, with prepared answers. Its
 * journal is real: who follows it gets what is appended.
 */
final class FakeServer implements AutoCloseable {
  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE);

  private static final Set<String> LISTS =
      Set.of(
          "/api/v1/runs",
          "/api/v1/schedules",
          "/api/v1/spend",
          "/api/v1/budgets",
          "/api/v1/approvals");

  static final String KEY = "rk_testtest_secret";

  private final Map<String, Prepared> answers = new HashMap<>();
  private final Map<String, Runnable> calls = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<ObjectNode> journal = new ArrayList<>();
  private final Map<String, String> eventsByKey = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final FakeSockets sockets = new FakeSockets(this);
  private final Javalin server;
  private final int bound;
  private BiConsumer<FakeServer, Said> agent = (_, _) -> {};

  /** One request as it arrived. */
  record Request(String method, String path, String query, String body, String idempotencyKey) {
    JsonNode json() {
      return Json.parse(body);
    }
  }

  /** One message to an agent. */
  record Said(String text, String event, String conversation) {}

  record Prepared(int status, String body) {}

  private FakeServer(int port) {
    server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = port;
              config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
              for (HandlerType method : METHODS) {
                config.routes.addHttpHandler(method, "/*", this::handle);
              }
              config.routes.ws("/ws", sockets::enter);
            });
    server.start();
    bound = server.port();
  }

  /** Announces itself in the directory, as a real server does. */
  static FakeServer announcedIn(Path directory) throws IOException {
    FakeServer fake = new FakeServer(0);
    fake.announce(directory, ProcessHandle.current().pid());
    Files.writeString(directory.resolve("cli.key"), KEY + "\n");
    return fake;
  }

  void announce(Path directory, long pid) throws IOException {
    Files.writeString(
        directory.resolve("server.json"),
        Json.write(Json.object().put("url", url()).put("pid", pid).put("node", "nod_1")));
  }

  String url() {
    return "http://127.0.0.1:" + bound;
  }

  int port() {
    return bound;
  }

  /** Answers with a body; single quotes stand for double ones. */
  FakeServer on(String method, String path, int status, String body) {
    answers.put(method + " " + path, new Prepared(status, body.replace('\'', '"')));
    return this;
  }

  FakeServer problem(String method, String path, int status, String detail) {
    ObjectNode problem =
        Json.object()
            .put("type", "about:blank")
            .put("title", "No")
            .put("status", status)
            .put("code", "some-code")
            .put("detail", detail)
            .put("trace_id", "t1");
    answers.put(method + " " + path, new Prepared(status, Json.write(problem)));
    return this;
  }

  /** What happens when somebody says something; runs on the thread of the request. */
  FakeServer agent(BiConsumer<FakeServer, Said> whatHappens) {
    agent = whatHappens;
    return this;
  }

  List<Request> requests() {
    return requests;
  }

  Request last(String method) {
    return requests.stream().filter(r -> r.method().equals(method)).toList().getLast();
  }

  /** Appends to the journal; data in single quotes. */
  synchronized FakeServer happens(String kind, String subject, String conversation, String data) {
    ObjectNode entry =
        Json.object()
            .put("seq", journal.size() + 1)
            .put("at", "2026-11-20T12:00:00.000Z")
            .put("kind", kind)
            .put("subject", subject)
            .put("conversation", conversation);
    entry.set("data", Json.parse(data.replace('\'', '"')));
    journal.add(entry);
    notifyAll();
    return this;
  }

  private void handle(Context exchange) throws InterruptedException {
    String path = URI.create(exchange.fullUrl()).getPath();
    String query = String.valueOf(exchange.queryString());
    String key = String.valueOf(exchange.header("Idempotency-Key"));
    requests.add(new Request(exchange.method().name(), path, query, exchange.body(), key));
    boolean known = ("Bearer " + KEY).equals(exchange.header("Authorization"));
    if (!path.startsWith("/api/") || known) {
      answer(exchange, answerTo(requests.getLast()));
    } else {
      answer(exchange, new Prepared(401, "{\"detail\":\"The API key is not known.\"}"));
    }
  }

  private Prepared answerTo(Request request) throws InterruptedException {
    Prepared prepared = answers.get(request.method() + " " + request.path());
    if (prepared != null) {
      return prepared;
    }
    if (request.path().equals("/api/v1/journal")) {
      return new Prepared(200, Json.write(page(parameters(request.query()))));
    }
    if (request.path().equals("/api/v1/status")) {
      return new Prepared(200, "{\"journal_head\":" + head() + "}");
    }
    if (request.method().equals("POST") && request.path().endsWith("/messages")) {
      return new Prepared(202, Json.write(accept(request)));
    }
    if (request.method().equals("GET") && accepted(request.path())) {
      return new Prepared(200, "{\"dispatch\":\"pending\",\"activations\":[]}");
    }
    if (request.method().equals("GET") && LISTS.contains(request.path())) {
      return new Prepared(200, "{\"items\":[],\"next\":null}");
    }
    return new Prepared(404, "{\"detail\":\"There is nothing at " + request.path() + ".\"}");
  }

  private synchronized boolean accepted(String path) {
    return eventsByKey.containsValue(path.substring(path.lastIndexOf('/') + 1));
  }

  synchronized int head() {
    return journal.size();
  }

  private ObjectNode accept(Request request) {
    String conversation = request.json().path("conversation").asText("api:agt_1:key_1");
    boolean duplicate;
    String event;
    synchronized (this) {
      duplicate = eventsByKey.containsKey(request.idempotencyKey());
      event =
          eventsByKey.computeIfAbsent(
              request.idempotencyKey(), _ -> "evt_" + (eventsByKey.size() + 1));
    }
    if (!duplicate) {
      agent.accept(this, new Said(request.json().path("text").asText(), event, conversation));
    }
    return Json.object()
        .put("event_id", event)
        .put("duplicate", duplicate)
        .put("conversation", conversation);
  }

  synchronized int events() {
    return eventsByKey.size();
  }

  private synchronized ObjectNode page(Map<String, String> query) throws InterruptedException {
    long after = Long.parseLong(query.get("after"));
    long deadline = System.nanoTime() + 1_000_000_000L * Long.parseLong(query.get("wait_seconds"));
    while (journal.size() <= after && System.nanoTime() < deadline) {
      wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    }
    ObjectNode page = Json.object();
    ArrayNode items = page.putArray("items");
    for (ObjectNode entry :
        journal.subList((int) Math.min(after, journal.size()), journal.size())) {
      String wanted = query.get("conversation");
      if (wanted == null || wanted.equals(entry.path("conversation").asText())) {
        items.add(entry);
      }
    }
    return page.put("next_after", journal.size());
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void answer(Context exchange, Prepared prepared) {
    exchange.status(prepared.status()).result(prepared.body());
  }

  /** What a request with this method of the gateway is answered. */
  Prepared call(String method, JsonNode params) throws InterruptedException {
    String path =
        switch (method) {
          case "run.get" -> "GET /api/v1/runs/" + params.path("id").asText();
          case "run.stop" -> "POST /api/v1/runs/" + params.path("id").asText() + "/cancel";
          case "permission.list" -> "GET /api/v1/approvals";
          case "permission.respond" ->
              "POST /api/v1/approvals/" + params.path("id").asText() + "/answer";
          default -> "GET /nothing";
        };
    String[] route = path.split(" ");
    requests.add(new Request(route[0], route[1], "null", Json.write(params), "null"));
    calls.getOrDefault(method, () -> {}).run();
    return answerTo(requests.getLast());
  }

  /** What happens when a method of the gateway is called. */
  FakeServer onCall(String method, Runnable what) {
    calls.put(method, what);
    return this;
  }

  FakeSockets sockets() {
    return sockets;
  }

  /** Records after a number; waits for the first of them. */
  synchronized List<ObjectNode> after(long seq, long millis) throws InterruptedException {
    if (journal.size() <= seq) {
      wait(millis);
    }
    return List.copyOf(journal.subList((int) Math.min(seq, journal.size()), journal.size()));
  }

  /** Never answers, as long as the server is there. */
  void hang() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes up again where another server ended, at its port. */
  static FakeServer restarted(FakeServer gone) {
    FakeServer fresh = new FakeServer(gone.port());
    synchronized (gone) {
      fresh.journal.addAll(gone.journal);
      fresh.eventsByKey.putAll(gone.eventsByKey);
      fresh.answers.putAll(gone.answers);
      fresh.agent = gone.agent;
      fresh.requests.addAll(gone.requests);
    }
    return fresh;
  }

  @Override
  public void close() {
    closed.countDown();
    sockets.close();
    server.stop();
  }
}
