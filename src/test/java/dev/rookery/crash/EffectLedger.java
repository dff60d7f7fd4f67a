package dev.rookery.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A tool server that outlives the nodes and remembers every effect: the oracle of the crash tests.
 * Only {@code keyed} honours idempotency keys; what happened can be looked up by key for all.
 */
final class EffectLedger implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Effect> effects = new ArrayList<>();
  private final List<HttpExchange> unanswered = new ArrayList<>();
  private String mute = "";

  /** One effect in the world. */
  record Effect(String tool, String note, String key) {}

  EffectLedger() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Calls whose note ends so take effect and are never answered; an empty end means none. */
  synchronized void mute(String end) {
    mute = end;
  }

  synchronized int count() {
    return effects.size();
  }

  synchronized List<Effect> of(String note) {
    return effects.stream().filter(effect -> effect.note().equals(note)).toList();
  }

  synchronized void await(int count, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (effects.size() < count) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(effects.size() + " of " + count + " effects: " + effects);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String tool = exchange.getRequestURI().getPath().substring(1);
    if (exchange.getRequestMethod().equals("GET")) {
      String query = exchange.getRequestURI().getQuery();
      answer(exchange, happened(query.substring(query.indexOf('=') + 1)) ? 200 : 404);
      return;
    }
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    String note = Json.parse(exchange.getRequestBody().readAllBytes()).path("note").asText();
    if (!perform(new Effect(tool, note, key), exchange)) {
      answer(exchange, 200);
    }
  }

  private synchronized boolean happened(String key) {
    return effects.stream().anyMatch(effect -> effect.key().equals(key));
  }

  private synchronized boolean perform(Effect effect, HttpExchange exchange) {
    if (!effect.tool().equals("keyed") || !happened(effect.key())) {
      effects.add(effect);
    }
    notifyAll();
    boolean silent = !mute.isEmpty() && effect.note().endsWith(mute);
    if (silent) {
      unanswered.add(exchange);
    }
    return silent;
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    byte[] body = "{\"exit\":0}".getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
