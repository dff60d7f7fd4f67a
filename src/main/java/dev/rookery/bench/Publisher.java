package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes a rule of an agent again and again: each change is one commit with one record. A few
 * changes are under way at a time, and the n-th record is taken for the n-th change.
 */
final class Publisher {
  private static final int CALLERS = 8;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final String key;
  private final URI rule;
  private final AtomicLongArray sent;
  private final long first;
  private int count;

  /**
   * @param most so many records at most
   */
  Publisher(ServerProcess server, String key, int most) throws InterruptedException {
    this.server = server.url();
    this.key = key;
    ObjectNode agent = Json.object().put("handle", BenchEnvironment.HANDLE + "publisher");
    String id = server.post("/api/v1/agents", agent).path("id").asText();
    this.rule = server.url().resolve("/api/v1/agents/" + id + "/tools/current_time");
    this.sent = new AtomicLongArray(most);
    this.first = newest();
  }

  /** The newest record of the journal. */
  private long newest() throws InterruptedException {
    long last = 0;
    long next = read(0);
    while (next > last) {
      last = next;
      next = read(last);
    }
    return last;
  }

  private long read(long after) throws InterruptedException {
    URI page = server.resolve("/api/v1/journal?limit=200&after=" + after);
    return Json.parse(send(HttpRequest.newBuilder(page)).body()).path("next_after").asLong();
  }

  /** The number of the newest record that it made. */
  long head() {
    return first + count;
  }

  /** When the change behind a record was asked for; 0 for one that is not its own. */
  long sentAt(long seq) {
    long index = seq - first - 1;
    return index >= 0 && index < sent.length() ? sent.get((int) index) : 0;
  }

  /** One more record; returns when it is durable. */
  private void change(int number) throws InterruptedException {
    sent.set(number, System.nanoTime());
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(rule)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"verdict\":\"deny\"}")));
    if (answer.statusCode() != 200) {
      throw new Mismatch("A change was answered " + answer.statusCode() + ": " + answer.body());
    }
  }

  private void publishOrFail(int number, long due) {
    try {
      LockSupport.parkNanos(due - System.nanoTime());
      change(number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Mismatch("interrupted");
    }
  }

  /** So many more records, as fast as can be. */
  void publish(int more) throws InterruptedException {
    int begin = count;
    Callers.each(CALLERS, more, n -> publishOrFail(begin + n, 0));
    count += more;
  }

  /** So many per second; the rate that was held. */
  double publish(int perSecond, Duration time) throws InterruptedException {
    long interval = Duration.ofSeconds(1).toNanos() / perSecond;
    int total = (int) (time.toNanos() / interval);
    int begin = count;
    long start = System.nanoTime();
    Callers.each(CALLERS, total, n -> publishOrFail(begin + n, start + n * interval));
    count += total;
    return total / Math.max((System.nanoTime() - start) / 1e9, time.toNanos() / 1e9);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
    try {
      return client.send(
          request.header("Authorization", "Bearer " + key).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer: " + e, e);
    }
  }

  /** Whether the server has this path. */
  boolean has(String path) throws InterruptedException {
    return send(HttpRequest.newBuilder(server.resolve(path))).statusCode() != 404;
  }
}
