package dev.rookery.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.secrets.NewSecret;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.secrets.SecretPlace;
import dev.rookery.secrets.Secrets;
import dev.rookery.store.Engine;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox that tries to get out by the way that is left to it. */
final class EgressProxyIT {
  private static final String VALUE = "ghp_planted0123456789";
  private static final EgressProxy.Limits LIMITS =
      new EgressProxy.Limits(Duration.ofMillis(600), Duration.ofSeconds(20), 200L << 20, 8);
  private static SSLContext tls;

  @TempDir Path directory;
  private final TestDatabase db = TestDatabases.fresh(Engine.SQLITE);
  private final OrgId org = db.newOrg();
  private final AgentId agent = db.database().write(org, tx -> Rows.agent(tx, org));
  private final RunId run = RunId.next();
  private final Journal journal = new Journal(db.database());
  private final Secrets secrets = new Secrets(db.database(), journal, new ReversibleVault());
  private final NetworkPolicies networks =
      new NetworkPolicies(db.database(), journal, "registry.service.test");
  private final GuardedClient client =
      new GuardedClient(_ -> List.of(InetAddress.getLoopbackAddress()), tls);
  private final EgressProxy proxy =
      new EgressProxy(
          new WayOut(client, new SecretInjection(secrets), networks),
          db.database(),
          journal,
          LIMITS);
  private final LocalWeb web = LocalWeb.secure(tls);
  private GuardedDoor door;

  @BeforeAll
  static void certificate() throws Exception {
    tls = LocalTls.context();
  }

  @BeforeEach
  void open() {
    door = proxy.open(new Secrets.User(org, agent, run), directory.resolve("e.sock"), null);
    secrets.create(
        org,
        new NewSecret(
            "GITHUB",
            List.of(new HostPattern(LocalTls.HOST)),
            new SecretPlace.Header("Authorization"),
            "Bearer ",
            VALUE,
            null));
  }

  @AfterEach
  void close() {
    proxy.close();
    client.close();
    web.close();
    db.close();
  }

  private void allow(String host, boolean plain) {
    networks.add(org, agent, new NetworkRule(true, new HostPattern(host), web.port(), plain, true));
  }

  private SocketChannel dial() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(door.socket()));
    return channel;
  }

  private String exchange(String request) throws IOException {
    try (SocketChannel channel = dial()) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
      return new String(
          Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private String get(String host, String headers) throws IOException {
    return exchange(
        "GET http://" + host + ":" + web.port() + "/x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n");
  }

  private List<String> denials() {
    return journal.about(org, run.value(), 100).stream()
        .map(JournalRecord::entry)
        .filter(entry -> entry.kind().equals("egress.denied"))
        .map(entry -> entry.data().toString())
        .toList();
  }

  @Test
  void the_socket_is_its_owners() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.socket())))
        .isEqualTo("rw-------");
    door.close();
    assertThat(door.socket()).doesNotExist();
  }

  @Test
  void nothing_goes_anywhere_before_an_operator_says_so() throws IOException {
    assertThat(get(LocalTls.HOST, "")).startsWith("HTTP/1.1 403");
    assertThat(exchange("CONNECT " + LocalTls.HOST + ":443 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("not allowed by the network rules");
    assertThat(denials()).hasSize(2).allMatch(text -> text.contains(LocalTls.HOST));
    assertThat(web.requests()).isEmpty();
  }

  @Test
  void a_plain_request_leaves_over_tls_with_the_secret_and_comes_back_without() throws IOException {
    allow(LocalTls.HOST, false);
    web.does(e -> LocalWeb.answer(e, 200, e.getRequestHeaders().getFirst("Authorization")));

    String answer = get(LocalTls.HOST, "Authorization: {{secret:GITHUB}}\r\nX-Y: z\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("[secret:GITHUB]").doesNotContain(VALUE);
    assertThat(web.requests().getFirst().header("Authorization")).isEqualTo("Bearer " + VALUE);
    assertThat(web.requests().getFirst().header("X-Y")).isEqualTo("z");
    door.close();
    assertThat(journal.after(org, 0, 100).toString())
        .contains("secret.used", "egress.summary", LocalTls.HOST)
        .doesNotContain(VALUE);
  }

  @Test
  void a_secret_goes_to_no_other_host_and_to_no_other_place() throws IOException {
    allow(LocalTls.HOST, false);
    allow(LocalTls.OTHER, false);

    assertThat(get(LocalTls.OTHER, "Authorization: {{secret:GITHUB}}\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("not bound to");
    assertThat(get(LocalTls.HOST, "X-Other: {{secret:GITHUB}}\r\n")).contains("belongs in header");
    assertThat(
            exchange(
                "GET http://%s:%d/?q={{secret:GITHUB}} HTTP/1.1\r\n\r\n"
                    .formatted(LocalTls.HOST, web.port())))
        .contains("belongs in header");
    assertThat(get(LocalTls.HOST, "Authorization: {{secret:NOPE}}\r\n")).contains("no secret");
    assertThat(web.requests()).isEmpty();
    assertThat(denials()).hasSize(4);
  }

  @Test
  void addresses_ports_and_protocols_that_are_not_meant_are_refused() throws IOException {
    networks.set(org, agent, Preset.UNRESTRICTED);
    for (String place :
        List.of("127.0.0.1:443", "[::1]:443", "169.254.169.254:443", "93.184.216.34:443")) {
      assertThat(exchange("CONNECT " + place + " HTTP/1.1\r\n\r\n"))
          .as(place)
          .startsWith("HTTP/1.1 403");
    }
    assertThat(exchange("CONNECT github.com:22 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403");
    assertThat(exchange("CONNECT inside.test:443 HTTP/1.1\r\n\r\n"))
        .contains("private or special network");
    assertThat(exchange("GET http://inside.test/ HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 502")
        .contains("private");
    for (String bad :
        List.of(
            "CONNECT evil HTTP/1.1\r\n\r\n",
            "CONNECT a@b:443 HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: inside.test\r\n\r\n",
            "GET http://a.test/ HTTP/2\r\n\r\n",
            "GET ftp://a.test/ HTTP/1.1\r\n\r\n",
            "GET http://127.1/ HTTP/1.1\r\n\r\n",
            "GET http://a.test/ HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
            "POST http://a.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")) {
      assertThat(exchange(bad)).as(bad).startsWith("HTTP/1.1 40");
    }
    assertThat(web.requests()).isEmpty();
  }

  @Test
  void the_first_rule_that_decides_wins_and_presets_come_last() throws IOException {
    networks.set(org, agent, Preset.DEVELOPMENT);
    assertThat(networks.of(org, agent).decide("registry.service.test", 443).allow()).isTrue();
    assertThat(networks.of(org, agent).decide("api.github.com", 443).allow()).isTrue();
    assertThat(networks.of(org, agent).decide("other.service.test", 443).allow()).isFalse();
    networks.add(org, agent, NetworkRule.allow("*.github.com"));
    networks.add(org, agent, NetworkRule.deny("gist.github.com"));
    assertThat(networks.of(org, agent).decide("gist.github.com", 443).allow()).isFalse();
    assertThat(networks.of(org, agent).rules().getLast().sentence()).isEqualTo("deny *");
    assertThat(exchange("CONNECT gist.github.com:443 HTTP/1.1\r\n\r\n")).contains("deny gist");
    networks.remove(org, agent, new HostPattern("gist.github.com"));
    assertThat(networks.of(org, agent).decide("gist.github.com", 443).allow()).isTrue();
  }

  @Test
  void a_tunnel_carries_tls_to_the_host_that_it_was_made_for() throws Exception {
    allow(LocalTls.HOST, false);
    try (SocketChannel channel = dial()) {
      send(channel, "CONNECT " + LocalTls.HOST + ":" + web.port() + " HTTP/1.1\r\n\r\n");
      InputStream in = Channels.newInputStream(channel);
      assertThat(new String(in.readNBytes(39), StandardCharsets.US_ASCII)).contains(" 200 ");
      channel.write(hello(LocalTls.HOST));
      assertThat(in.read()).as("a TLS handshake record comes back").isEqualTo(22);
    }
    assertThat(denials()).isEmpty();
  }

  @Test
  void a_tunnel_whose_greeting_asks_for_another_host_is_closed() throws Exception {
    allow(LocalTls.HOST, false);
    for (ByteBuffer greeting :
        List.of(
            hello(LocalTls.OTHER),
            ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
            ByteBuffer.wrap("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)))) {
      try (SocketChannel channel = dial()) {
        send(channel, "CONNECT " + LocalTls.HOST + ":" + web.port() + " HTTP/1.1\r\n\r\n");
        InputStream in = Channels.newInputStream(channel);
        assertThat(in.readNBytes(39)).hasSize(39);
        channel.write(greeting);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
    assertThat(denials()).hasSize(3);
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static ByteBuffer hello(String name) throws Exception {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return out.flip();
  }

  @Test
  void a_client_that_says_nothing_is_closed_and_stands_in_nobodys_way() throws IOException {
    allow(LocalTls.HOST, false);
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      silent.add(dial());
    }
    send(silent.getFirst(), "GET http://a");
    assertThat(get(LocalTls.HOST, "")).startsWith("HTTP/1.1 200");
    for (SocketChannel channel : silent) {
      assertThat(Channels.newInputStream(channel).read()).isEqualTo(-1);
      channel.close();
    }
  }

  @Test
  void a_hundred_megabytes_pass_without_filling_the_memory() throws IOException {
    allow(LocalTls.HOST, false);
    byte[] chunk = new byte[1 << 20];
    web.does(
        e -> {
          e.sendResponseHeaders(200, 0);
          for (int i = 0; i < 100; i++) {
            e.getResponseBody().write(chunk);
          }
        });
    System.gc();
    long before = used();
    long total = 0;
    long most = 0;
    try (SocketChannel channel = dial()) {
      send(channel, "GET http://%s:%d/ HTTP/1.1\r\n\r\n".formatted(LocalTls.HOST, web.port()));
      InputStream in = Channels.newInputStream(channel);
      byte[] read = new byte[1 << 16];
      for (int count = in.read(read); count >= 0; count = in.read(read)) {
        total += count;
        if (total / (25 << 20) > (total - count) / (25 << 20)) {
          System.gc();
          most = Math.max(most, used());
        }
      }
    }
    assertThat(total).isGreaterThan(100L << 20);
    assertThat(most - before).isLessThan(40L << 20);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void a_door_closes_although_the_other_side_is_silent() throws Exception {
    allow(LocalTls.HOST, false);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    web.does(
        _ -> {
          asked.countDown();
          try {
            boolean _ = over.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    try (SocketChannel channel = dial()) {
      send(channel, "GET http://%s:%d/ HTTP/1.1\r\n\r\n".formatted(LocalTls.HOST, web.port()));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      long start = System.nanoTime();
      door.close();
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(3).toNanos());
    } finally {
      over.countDown();
    }
  }

  @Test
  void a_body_is_passed_on_and_its_fields_are_filled() throws IOException {
    allow(LocalTls.HOST, false);
    secrets.create(
        org,
        new NewSecret(
            "FIELD",
            List.of(new HostPattern(LocalTls.HOST)),
            new SecretPlace.BodyField("auth.token"),
            "",
            VALUE,
            null));
    String body = "{\"auth\":{\"token\":\"{{secret:FIELD}}\"},\"x\":1}";
    String request =
        "POST http://%s:%d/ HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(LocalTls.HOST, web.port(), body.length(), body);
    assertThat(exchange(request)).startsWith("HTTP/1.1 200");
    assertThat(web.requests().getFirst().body())
        .isEqualTo("{\"auth\":{\"token\":\"" + VALUE + "\"},\"x\":1}");
    String chunked =
        "PUT http://%s:%d/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            .formatted(LocalTls.HOST, web.port());
    assertThat(exchange(chunked)).startsWith("HTTP/1.1 200");
    assertThat(web.requests().get(1).body()).isEqualTo("abc");
  }
}
