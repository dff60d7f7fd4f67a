package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The order desk of a small shop, as tools over HTTP on this machine. One tool of each effect
 * class, each as a real service of that class behaves.
 */
final class ToolServer implements AutoCloseable {
  private static final Duration COURIER_TAKES = Duration.ofMillis(400);

  private final ToolLedger ledger = new ToolLedger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private record Answer(int status, String body) {}

  private ToolServer() {
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException("The local tool server cannot listen", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static ToolServer start() {
    return new ToolServer();
  }

  URI url(String tool) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + tool);
  }

  ToolLedger ledger() {
    return ledger;
  }

  @Override
  public void close() {
    ledger.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String tool = exchange.getRequestURI().getPath().substring(1);
    if (exchange.getRequestMethod().equals("GET")) {
      return lookUp(tool, keyAsked(exchange));
    }
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    if (key == null) {
      return error(400, "The header Idempotency-Key is missing.");
    }
    JsonNode arguments;
    try {
      arguments = Json.parse(exchange.getRequestBody().readAllBytes());
    } catch (Refusal e) {
      return error(400, e.getMessage());
    }
    ledger.called(tool, key, false);
    Answer answer = perform(tool, key, arguments);
    ledger.stopIfHeld(tool);
    return answer;
  }

  private static String keyAsked(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    String name = "idempotency_key=";
    return query == null || !query.startsWith(name)
        ? ""
        : URLDecoder.decode(query.substring(name.length()), StandardCharsets.UTF_8);
  }

  private Answer lookUp(String tool, String key) {
    ledger.called(tool, key, true);
    return ledger
        .found(tool, key)
        .map(effect -> new Answer(200, effect.answer()))
        .orElseGet(() -> error(404, "No call with this key took effect."));
  }

  private Answer perform(String tool, String key, JsonNode arguments) throws InterruptedException {
    return switch (tool) {
      case "look_up_order" -> lookUpOrder(arguments.path("order").asText());
      case "reserve_stock" -> {
        ObjectNode reserved = Json.object().put("reservation", "R-" + nextNumber(tool));
        reserved.set("sku", arguments.path("sku"));
        yield ok(ledger.happenOnce(tool, key, Json.write(reserved)));
      }
      case "book_courier" -> {
        ledger.pause(COURIER_TAKES);
        String tracking = "HX-" + nextNumber(tool);
        ObjectNode booked = Json.object().put("tracking", tracking).put("pickup", "18:30");
        yield ok(ledger.happen(tool, key, Json.write(booked)));
      }
      case "refund_order" -> {
        String refund = "RF-" + nextNumber(tool);
        ObjectNode refunded = Json.object().put("refund", refund).put("amount", "49.90 EUR");
        yield ok(ledger.happen(tool, key, Json.write(refunded)));
      }
      case "print_labels" ->
          ok(ledger.happen(tool, key, Json.write(Json.object().put("labels", 400))));
      case "add_note" -> {
        ObjectNode noted = Json.object().put("note", nextNumber(tool));
        yield ok(ledger.happen(tool, key, Json.write(noted)));
      }
      default -> error(404, "There is no such tool.");
    };
  }

  private long nextNumber(String tool) {
    return 501 + ledger.effects().stream().filter(e -> e.tool().equals(tool)).count();
  }

  private static Answer lookUpOrder(String order) {
    ObjectNode found = Json.object().put("order", order);
    return switch (order) {
      case "1042" -> new Answer(200, Json.write(found.put("status", "packed")));
      case "1043" ->
          new Answer(
              200, Json.write(found.put("status", "lost in transit").put("sku", "KETTLE-2")));
      default -> error(404, "There is no order " + order + ".");
    };
  }

  private static Answer ok(ToolLedger.Effect effect) {
    return new Answer(200, effect.answer());
  }

  private static Answer error(int status, String message) {
    return new Answer(status, Json.write(Json.object().put("error", message)));
  }
}
