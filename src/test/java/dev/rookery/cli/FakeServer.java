package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/**
 * A server that speaks the HTTP contract, with prepared answers. Its journal is real: a long poll
 * waits for what is appended.
 */
final class FakeServer implements AutoCloseable {
  static final String KEY = "rk_testtest_secret";

  private final Map<String, Prepared> answers = new HashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<ObjectNode> journal = new ArrayList<>();
  private final Map<String, String> eventsByKey = new HashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private BiConsumer<FakeServer, Said> agent = (_, _) -> {};

  /** One request as it arrived. */
  record Request(String method, String path, String query, String body, String idempotencyKey) {
    JsonNode json() {
      return Json.parse(body);
    }
  }

  /** One message to an agent. */
  record Said(String text, String event, String conversation) {}

  private record Prepared(int status, String body) {}

  private FakeServer(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
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
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int port() {
    return server.getAddress().getPort();
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

  private void handle(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getRawQuery());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String method = exchange.getRequestMethod();
      String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
      requests.add(new Request(method, path, query, body, key));
      boolean known =
          ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
      if (!path.startsWith("/api/") || known) {
        answer(exchange, answerTo(requests.getLast()));
      } else {
        answer(exchange, new Prepared(401, "{\"detail\":\"The API key is not known.\"}"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
    return new Prepared(404, "{\"detail\":\"There is nothing at " + request.path() + ".\"}");
  }

  private synchronized int head() {
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

  private static void answer(HttpExchange exchange, Prepared prepared) throws IOException {
    byte[] bytes = prepared.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(prepared.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Takes up again where another server ended, at its port. */
  static FakeServer restarted(FakeServer gone) throws IOException {
    FakeServer fresh = new FakeServer(gone.port());
    synchronized (gone) {
      fresh.journal.addAll(gone.journal);
      fresh.eventsByKey.putAll(gone.eventsByKey);
      fresh.answers.putAll(gone.answers);
      fresh.agent = gone.agent;
    }
    return fresh;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
