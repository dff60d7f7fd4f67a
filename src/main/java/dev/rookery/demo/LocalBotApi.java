package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Bot-API server on this machine that speaks the real wire format over HTTP. It remembers every
 * call and every message, checks what the real one checks, and fails on request before or after the
 * effect. Serves the demo, the benches and all tests of the Telegram channel.
 */
public final class LocalBotApi implements AutoCloseable {
  private static final Duration STALL = Duration.ofMinutes(5);

  static {
    // Otherwise head and body of an answer leave as two segments and wait 40 ms for an ACK.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final Bot bot;
  private final BotLedger ledger = new BotLedger();
  private final BotMethods methods;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();
  private volatile boolean revoked;

  /** The bot it plays. */
  public record Bot(long id, String username, String name, String token) {
    @Override
    public String toString() {
      return "Bot[" + id + " @" + username + "]";
    }
  }

  /** One request, in order of arrival from 1. */
  public record Call(int number, String method, JsonNode parameters) {}

  /**
   * A message that was really sent.
   *
   * @param thread topic, 0 for none; {@code replyTo} likewise
   * @param text what people see, after entity parsing
   * @param edits how often it was edited since
   */
  public record Message(
      long id,
      String chat,
      long thread,
      long replyTo,
      String parseMode,
      String text,
      JsonNode entities,
      int edits) {
    Message withId(long id) {
      return new Message(id, chat, thread, replyTo, parseMode, text, entities, edits);
    }

    Message withText(EntityText.Parsed parsed) {
      return new Message(
          id, chat, thread, replyTo, parseMode, parsed.text(), parsed.entities(), edits + 1);
    }
  }

  /** A button below a message; pressing it sends {@code data} back. */
  public record Button(String text, String data) {}

  private LocalBotApi(int port, Bot bot) {
    this.bot = bot;
    this.methods = new BotMethods(ledger, bot);
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
    } catch (IOException e) {
      throw new UncheckedIOException("The local Bot API cannot listen on port " + port, e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts on a free port of the loopback interface. */
  public static LocalBotApi start() {
    return start(0);
  }

  public static LocalBotApi start(int port) {
    return new LocalBotApi(
        port,
        new Bot(424242, "rookery_bot", "Rook", "424242:LOCAL-" + "not_a_real_token_0123456789"));
  }

  public Bot bot() {
    return bot;
  }

  /** Without a trailing slash; what an integration has as {@code base_url}. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The next call of this method meets this fault; faults of one method queue up. */
  public void fault(String method, Fault fault) {
    ledger.fault(method, fault);
  }

  public void clearFaults() {
    ledger.clearFaults();
  }

  /** From now on the token is not known (401). */
  public void revokeToken() {
    revoked = true;
  }

  public List<Call> calls() {
    return ledger.calls();
  }

  public List<Call> calls(String method) {
    return ledger.calls().stream().filter(call -> call.method().equals(method)).toList();
  }

  /** Everything that was sent, in order. */
  public List<Message> messages() {
    return ledger.messages();
  }

  public List<Message> messages(long chat) {
    String id = Long.toString(chat);
    return ledger.messages().stream().filter(message -> message.chat().equals(id)).toList();
  }

  /** The buttons below a message, from top to bottom. */
  public List<Button> buttons(Message message) {
    return ledger.buttons(message.id());
  }

  /** Told of each message as it is sent, before its sender is answered; must be quick. */
  public void onMessage(Consumer<Message> listener) {
    ledger.onMessage(listener);
  }

  /**
   * Waits until that many messages were sent.
   *
   * @throws IllegalStateException when they were not in time; says how many there are
   */
  public List<Message> awaitMessages(int count, Duration atMost) {
    await("messages", ledger::count, count, atMost);
    return messages();
  }

  /** As {@link #awaitMessages}, for the calls of one method. */
  public List<Call> awaitCalls(String method, int count, Duration atMost) {
    await("calls of " + method, () -> ledger.count(method), count, atMost);
    return calls(method);
  }

  private void await(String what, IntSupplier count, int wanted, Duration atMost) {
    try {
      if (!ledger.await(count, wanted, atMost)) {
        throw new IllegalStateException(
            "%d of %d %s after %s".formatted(count.getAsInt(), wanted, what, atMost));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }

  /** Puts an update where getUpdates finds it. */
  public void enqueue(JsonNode update) {
    ledger.enqueue(update.path("update_id").asLong(), update);
  }

  /** Offers a file for getFile and download. */
  public void addFile(String fileId, byte[] bytes) {
    ledger.file("documents/" + fileId, bytes.clone());
  }

  /**
   * Pushes an update to the webhook that was set, or queues it when there is none. As with the real
   * one, what was not answered 2xx stays pending with the last error.
   *
   * @return the status it was answered with, 0 when queued or not reached
   */
  public int push(JsonNode update) {
    BotLedger.Webhook webhook = ledger.webhook();
    if (webhook.url().isEmpty()) {
      enqueue(update);
      return 0;
    }
    int status = 0;
    String error = "Connection refused";
    try {
      status = post(URI.create(webhook.url()), webhook.secret(), update).statusCode();
      error = "Wrong response from the webhook: " + status;
    } catch (UncheckedIOException e) {
      error = Text.brief(String.valueOf(e.getCause()), 200);
    }
    if (status / 100 != 2) {
      enqueue(update);
      ledger.webhook(new BotLedger.Webhook(webhook.url(), webhook.secret(), error));
    }
    return status;
  }

  /** Posts an update to any webhook as Telegram does. */
  public HttpResponse<String> post(URI webhook, String secret, JsonNode update) {
    HttpRequest request =
        HttpRequest.newBuilder(webhook)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(update)))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while posting an update", e);
    }
  }

  @Override
  public void close() {
    ledger.close();
    client.shutdownNow();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String file = "/file/bot" + bot.token() + "/";
      String call = "/bot" + bot.token() + "/";
      if (revoked || !(path.startsWith(call) || path.startsWith(file))) {
        boolean bot = path.startsWith("/bot") || path.startsWith("/file/bot");
        write(exchange, bot ? BotAnswer.error(401, "Unauthorized") : notFound());
      } else if (path.startsWith(file)) {
        download(exchange, path.substring(file.length()));
      } else {
        answer(exchange, path.substring(call.length()), parameters(exchange));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Refusal e) {
      write(exchange, BotAnswer.badRequest("can't parse request: " + e.getMessage()));
    }
  }

  private static BotAnswer notFound() {
    return BotAnswer.error(404, "Not Found");
  }

  private void answer(HttpExchange exchange, String method, ObjectNode parameters)
      throws IOException, InterruptedException {
    ledger.record(method, parameters);
    Fault fault = ledger.nextFault(method).orElse(null);
    if (fault == null) {
      write(exchange, methods.call(method, parameters));
    } else if (fault.afterEffect()) {
      fail(exchange, fault.manner(), methods.call(method, parameters));
    } else if (fault.manner() instanceof Fault.Manner.Slow(Duration delay)) {
      ledger.hold(delay);
      write(exchange, methods.call(method, parameters));
    } else {
      fail(exchange, fault.manner(), BotAnswer.done());
    }
  }

  private void fail(HttpExchange exchange, Fault.Manner manner, BotAnswer usual)
      throws IOException, InterruptedException {
    switch (manner) {
      case Fault.Manner.Answer(int status, String body) ->
          write(exchange, new BotAnswer(status, body));
      case Fault.Manner.Drop() -> exchange.close();
      case Fault.Manner.Truncate() -> {
        byte[] body = usual.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(usual.status(), body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
      }
      case Fault.Manner.Stall() -> ledger.hold(STALL);
      case Fault.Manner.Slow(Duration delay) -> {
        ledger.hold(delay);
        write(exchange, usual);
      }
    }
  }

  /** Downloads are a method named {@code file} to faults. */
  private void download(HttpExchange exchange, String path)
      throws IOException, InterruptedException {
    ledger.record("file", Json.object().put("path", path));
    byte[] bytes = ledger.file(path).orElse(null);
    Fault fault = ledger.nextFault("file").orElse(null);
    if (fault != null) {
      String body = bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
      fail(exchange, fault.manner(), new BotAnswer(200, body));
    } else if (bytes == null) {
      write(exchange, notFound());
    } else {
      exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static ObjectNode parameters(HttpExchange exchange) throws IOException {
    ObjectNode parameters = Json.object();
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    byte[] body = exchange.getRequestBody().readAllBytes();
    addForm(parameters, exchange.getRequestURI().getRawQuery());
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      Json.parse(body).properties().forEach(e -> parameters.set(e.getKey(), e.getValue()));
    } else {
      addForm(parameters, new String(body, StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void addForm(ObjectNode parameters, @Nullable String form) {
    if (form == null || form.isEmpty()) {
      return;
    }
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
  }

  private static void write(HttpExchange exchange, BotAnswer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
