package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gateways whose patience is short, behind a server of their own. */
final class LimitsIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String CONNECT =
      "{\"type\":\"req\",\"id\":\"1\",\"method\":\"connect\",\"params\":{\"version\":\"2\",\"key\":\"%s\"}}";

  private final Path directory;
  private final Database database;
  private final Colony colony;
  private final String key;
  private final Server server = new Server(0);
  private Gateway gateway;

  LimitsIT() throws IOException {
    directory = Files.createTempDirectory("rookery-gateway");
    database = TestDatabases.sqlite(directory.resolve("rookery.db"), InstantSource.system());
    colony = new Colony(database, Map.of());
    key =
        colony
            .house()
            .keys
            .create(colony.org(), new ApiKey.Wish("test", Role.VIEWER, null))
            .secret();
    gateway = gateway(new Limits(LONG, LONG, LONG, LONG, 16, 1 << 20));
  }

  private Gateway gateway(Limits limits) {
    var house = colony.house();
    Gateway.Rooms rooms =
        new Gateway.Rooms(house.streams, house.keys, house.agents, house.journal, NodeId.next());
    Calls none =
        (_, _) -> {
          throw new IllegalStateException("nothing is called here");
        };
    return new Gateway(new Office(rooms, none, limits, new FrameWriter()), new Origins(Set.of()));
  }

  private String serve(Limits limits) throws Exception {
    gateway.close();
    gateway = gateway(limits);
    server.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container ->
                container.addMapping(Gateway.PATH, (_, _, _) -> gateway.open(null, null, null))));
    server.start();
    return server.getURI().resolve("/").toString().replaceFirst("/$", "");
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    server.stop();
    colony.close();
    database.close();
    TestDatabases.deleteDirectory(directory);
  }

  private Client client(String url) {
    return Client.connected(url, null, Json.object().put("key", key));
  }

  private long closed(String reason) {
    return gateway.closedSockets().get(reason);
  }

  @Test
  void a_client_that_answers_no_ping_is_closed_and_one_that_does_stays() throws Exception {
    String url =
        serve(new Limits(LONG, Duration.ofMillis(150), Duration.ofMillis(900), LONG, 16, 1 << 20));
    try (Client lively = client(url);
        RawClient deaf = new RawClient(URI.create(url), 0)) {
      deaf.send(CONNECT.formatted(key));
      assertThat(deaf.receive(RawClient.TEXT).text()).contains("\"ok\":true");
      assertThat(deaf.receive(RawClient.PING).payload()).isEmpty();
      assertThat(deaf.receive(RawClient.CLOSE).code()).isEqualTo(4408);
      assertThat(closed("silent")).isEqualTo(1);
      assertThat(lively.isOpen()).isTrue();
      assertThat(lively.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
      assertThat(gateway.openSockets()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void a_client_that_says_nothing_is_closed() throws Exception {
    String url = serve(new Limits(Duration.ofMillis(200), LONG.dividedBy(60), LONG, LONG, 16, 1));
    try (Client client = Client.open(url, null)) {
      assertThat(client.closed().code()).isEqualTo(4400);
      assertThat(client.closed().reason()).contains("connect");
      assertThat(closed("protocol")).isEqualTo(1);
    }
  }

  @Test
  void a_client_that_takes_nothing_is_closed_while_others_go_on() throws Exception {
    String url =
        serve(new Limits(LONG, Duration.ofSeconds(5), LONG, Duration.ofSeconds(3), 16, 1 << 20));
    int records = 1_500;
    try (RawClient slow = new RawClient(URI.create(url), 4_096);
        Client quick = client(url)) {
      slow.send(CONNECT.formatted(key));
      assertThat(slow.receive(RawClient.TEXT).text()).contains("\"ok\":true");
      long head = colony.house().journal.head(colony.org());
      String text = "x".repeat(8_000);
      for (int i = 0; i < records / 100; i++) {
        database.write(
            colony.org(),
            tx -> {
              for (int j = 0; j < 100; j++) {
                JournalEntry entry =
                    new JournalEntry("test.large", "test", null, Json.object().put("t", text));
                colony.house().journal.append(tx, colony.org(), entry);
              }
              return true;
            });
      }
      quick.event(event -> event.path("seq").asLong() == head + records);
      assertThat(quick.numbers()).hasSize(records).isSorted().doesNotHaveDuplicates();
      colony.until("the slow one is gone", () -> closed("slow") == 1);
      colony.until("its socket is gone", () -> gateway.openSockets() == 1);
      assertThat(quick.ask("ping", Json.object()).path("ok").asBoolean()).isTrue();
    }
  }

  @Test
  void a_frame_that_is_too_large_is_counted_as_such() throws Exception {
    String url = serve(new Limits(LONG, LONG, LONG, LONG, 16, 100));
    try (Client client = client(url)) {
      client.raw("x".repeat(101));
      assertThat(client.closed().code()).isEqualTo(1009);
      colony.until("it is gone", () -> gateway.openSockets() == 0);
      assertThat(closed("frame")).isEqualTo(1);
      assertThat(closed("client")).isZero();
    }
  }

  @Test
  void an_upright_client_may_be_pinged_back_and_is_told_when_the_server_stops() throws Exception {
    String url = serve(Limits.USUAL);
    try (Client client = client(url);
        RawClient raw = new RawClient(URI.create(url), 0)) {
      byte[] payload = "are you there".getBytes(StandardCharsets.UTF_8);
      raw.send(RawClient.PING, payload);
      assertThat(raw.receive(RawClient.PONG).payload()).isEqualTo(payload);
      long start = System.nanoTime();
      gateway.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(client.closed().code()).isEqualTo(1001);
      assertThat(raw.receive(RawClient.CLOSE).code()).isEqualTo(1001);
    }
  }
}
