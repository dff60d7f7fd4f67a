package dev.rookery.egress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A web server on this machine that does what a test says and remembers what it was asked. */
public final class LocalWeb implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final List<Asked> requests = new CopyOnWriteArrayList<>();
  private volatile Reaction reaction = exchange -> answer(exchange, 200, "done");

  /** What a server does; the body of the request can be read. */
  public interface Reaction {
    void to(HttpExchange exchange) throws IOException;
  }

  /** A request as it arrived. */
  public record Asked(
      String method, String target, com.sun.net.httpserver.Headers headers, String body) {
    public @Nullable String header(String name) {
      return headers.getFirst(name);
    }
  }

  private LocalWeb(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Plain http on the loopback. */
  public static LocalWeb plain() {
    return plain(InetAddress.getLoopbackAddress(), 0);
  }

  static LocalWeb plain(InetAddress address, int port) {
    try {
      return new LocalWeb(HttpServer.create(new InetSocketAddress(address, port), 0));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** With TLS. */
  public static LocalWeb secure(SSLContext tls) {
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new LocalWeb(server);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public LocalWeb does(Reaction next) {
    reaction = next;
    return this;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public List<Asked> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    exchange.setStreams(new ByteArrayInputStream(bytes), null);
    String body = new String(bytes, StandardCharsets.UTF_8);
    requests.add(
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            body));
    try (exchange) {
      reaction.to(exchange);
    }
  }

  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  public static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
