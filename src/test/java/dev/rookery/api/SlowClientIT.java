package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.NewAgent;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that do not read, databases that go away, servers that stop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowClientIT {
  private static final int LARGE = 600;
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.VIEWER);

  @AfterAll
  void close() {
    server.close();
  }

  private SseReader open(long after) {
    return SseReader.open(server.request("/api/v1/stream"), key, after);
  }

  private long head() {
    return server.house().journal.head(server.org());
  }

  private void append(String kind, int size) {
    var house = server.house();
    JournalEntry entry =
        new JournalEntry(kind, "x", null, Json.object().put("text", "x".repeat(size)));
    house
        .database()
        .write(
            server.org(),
            tx -> {
              house.journal.append(tx, server.org(), entry);
              return size;
            });
  }

  @Test
  void a_client_that_does_not_read_is_dropped_and_holds_up_nobody() throws IOException {
    long head = head();
    try (Socket stuck = stuck();
        SseReader other = open(head)) {
      for (int n = 0; n < LARGE; n++) {
        append("large", 32_000);
      }
      append("last", 1);
      assertThat(other.until(e -> e.name().equals("last"))).hasSize(LARGE + 1);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!server.raw("GET", "/metrics", key).response().body().contains("dropped_total 1.0")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        assertThat(other.any()).isEqualTo(SseReader.Event.HEARTBEAT);
      }
      assertThat(stuck.isClosed()).isFalse();
    }
  }

  /** Asks for the stream and reads nothing of it. */
  private Socket stuck() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress("127.0.0.1", server.url().getPort()));
    String request =
        "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key;
    socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  @Test
  void streams_outlive_a_database_that_goes_away() {
    try (SseReader stream = open(head())) {
      server.database().away(true);
      for (int beat = 0; beat < 6; beat++) {
        assertThat(stream.any()).isEqualTo(SseReader.Event.HEARTBEAT);
      }
      server.database().away(false);
      server.house().agents.create(server.org(), new NewAgent("back", "Back", "", null));

      assertThat(stream.next().json().at("/data/handle").asText()).isEqualTo("back");
    }
  }

  @Test
  void a_server_that_stops_says_so_and_stops_at_once() {
    try (TestServer stopping = TestServer.start();
        SseReader stream =
            SseReader.open(stopping.request("/api/v1/stream"), stopping.key(Role.VIEWER))) {
      long start = System.nanoTime();
      stopping.house().streams.close();
      stopping.api().close();
      List<SseReader.Event> events = stream.until(e -> e.name().equals("closed"));
      assertThat(events.getLast().json().path("code").asText()).isEqualTo("stopping");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
  }
}
