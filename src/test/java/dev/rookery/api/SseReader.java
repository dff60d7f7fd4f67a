package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads server-sent events as a browser does. */
final class SseReader implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpResponse<Stream<String>> response;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile long lastId = -1;

  /**
   * @param id of the event; "" when it has none of its own
   */
  record Event(String id, String name, String data) {
    /** What comes after the last one. */
    static final Event CLOSED = new Event("", "(closed)", "");

    /** A comment. */
    static final Event HEARTBEAT = new Event("", "(heartbeat)", "");

    JsonNode json() {
      return Json.parse(data);
    }

    long seq() {
      return Long.parseLong(id);
    }
  }

  private SseReader(HttpRequest.Builder request) {
    try {
      this.response = client.send(request.build(), BodyHandlers.ofLines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  static SseReader open(HttpRequest.Builder request, String key) {
    return new SseReader(request.header("Authorization", "Bearer " + key));
  }

  static SseReader open(HttpRequest.Builder request, String key, long after) {
    return open(request.header("Last-Event-ID", Long.toString(after)), key);
  }

  private void read() {
    String[] event = {"", "", ""};
    try (Stream<String> lines = response.body()) {
      lines.forEach(line -> take(event, line));
    } catch (RuntimeException e) {
      events.add(Event.CLOSED);
      return;
    }
    events.add(Event.CLOSED);
  }

  private void take(String[] event, String line) {
    if (line.startsWith(":")) {
      events.add(Event.HEARTBEAT);
    } else if (line.startsWith("id: ")) {
      event[0] = line.substring(4);
      lastId = Long.parseLong(event[0]);
    } else if (line.startsWith("event: ")) {
      event[1] = line.substring(7);
    } else if (line.startsWith("data: ")) {
      event[2] = line.substring(6);
    } else if (line.isEmpty()) {
      if (!event[2].isEmpty()) {
        events.add(new Event(event[0], event[1], event[2]));
      }
      event[0] = "";
      event[1] = "";
      event[2] = "";
    }
  }

  HttpResponse<?> response() {
    return response;
  }

  /** Where the client would come back. */
  long lastId() {
    return lastId;
  }

  /** The next, without heartbeats. */
  Event next() {
    Event event = any();
    while (event.equals(Event.HEARTBEAT)) {
      event = any();
    }
    return event;
  }

  /** The next, or a heartbeat. */
  Event any() {
    try {
      Event event = events.poll(20, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event came in 20 s");
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** All up to the one that is wanted. */
  List<Event> until(Predicate<Event> wanted) {
    List<Event> read = new ArrayList<>();
    Event event;
    do {
      event = next();
      read.add(event);
    } while (!wanted.test(event) && !event.equals(Event.CLOSED));
    return read;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
