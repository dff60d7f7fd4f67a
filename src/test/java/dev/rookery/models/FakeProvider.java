package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider on a bare socket, so that it can do what no HTTP server does: cut a chunked body,
 * reset the connection, say nothing. Each request gets the next queued answer.
 */
public final class FakeProvider implements AutoCloseable {
  /** One request as it came in. */
  public record Seen(String path, Map<String, String> headers, JsonNode body) {}

  /** Writes the raw response. */
  public interface Answer {
    void write(Socket socket, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  public final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** Completes when a stalled client closes its connection. */
  final CompletableFuture<Void> hungUp = new CompletableFuture<>();

  public FakeProvider() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::acceptAll);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  public FakeProvider then(Answer answer) {
    answers.add(answer);
    return this;
  }

  public FakeProvider thenSse(String... chunks) {
    return then((_, out) -> whole(out, "text/event-stream", chunks));
  }

  public FakeProvider thenBody(String type, String... chunks) {
    return then((_, out) -> whole(out, type, chunks));
  }

  public FakeProvider thenStatus(int status, Map<String, String> headers, String body) {
    return then(
        (_, out) -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
          headers.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
          head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
          out.write(head.toString().getBytes(StandardCharsets.UTF_8));
          out.write(bytes);
          out.flush();
        });
  }

  /** Writes the beginning, then nothing until the client goes. */
  public FakeProvider thenStall(String beginning) {
    return then(
        (socket, out) -> {
          head(out, "text/event-stream");
          chunk(out, beginning);
          try {
            if (socket.getInputStream().read() < 0) {
              hungUp.complete(null);
            }
          } catch (IOException reset) {
            hungUp.complete(null);
          }
        });
  }

  /** Writes the beginning, then closes in the middle of the chunked body. */
  public FakeProvider thenDrop(String beginning) {
    return then(
        (socket, out) -> {
          head(out, "text/event-stream");
          chunk(out, beginning);
          socket.close();
        });
  }

  private static void whole(OutputStream out, String type, String... chunks) throws IOException {
    head(out, type);
    for (String piece : chunks) {
      chunk(out, piece);
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void head(OutputStream out, String type) throws IOException {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.write(bytes);
      out.write("\r\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private void acceptAll() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String start = line(in); !start.isEmpty(); start = line(in)) {
        Map<String, String> headers = new TreeMap<>();
        for (String h = line(in); !h.isEmpty(); h = line(in)) {
          int colon = h.indexOf(':');
          headers.put(
              h.substring(0, colon).toLowerCase(Locale.ROOT), h.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        JsonNode json = body.length == 0 ? Json.object() : Json.parse(body);
        seen.add(new Seen(start.split(" ", -1)[1], headers, json));
        Answer answer = answers.poll();
        if (answer == null) {
          throw new IOException("no answer was prepared for " + start);
        }
        answer.write(socket, out);
      }
    } catch (IOException gone) {
      // The client sees a closed connection.
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
