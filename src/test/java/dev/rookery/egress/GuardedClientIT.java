package dev.rookery.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.rookery.egress.Terms.Redirects;
import dev.rookery.models.Cancellation;
import dev.rookery.secrets.Redactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The guarded client against servers and resolvers that mean ill. */
final class GuardedClientIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static SSLContext tls;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger resolved = new AtomicInteger();
  private final LocalWeb web = LocalWeb.plain();
  private final GuardedClient client =
      new GuardedClient(
          host -> {
            resolved.incrementAndGet();
            return List.of(InetAddress.getLoopbackAddress());
          },
          tls);

  @BeforeAll
  static void certificate() throws Exception {
    tls = LocalTls.context();
  }

  @AfterEach
  void stop() {
    over.countDown();
    client.close();
    web.close();
  }

  private record Read(int status, String host, byte[] body) {}

  private Ending<Read> get(String url, Terms terms, HttpField... fields) {
    return get(client, url, terms, fields);
  }

  private static Ending<Read> get(
      GuardedClient client, String url, Terms terms, HttpField... fields) {
    return client.perform(
        new GuardedRequest("GET", WebAddress.read(url), List.of(fields), Payload.none()),
        terms,
        Redactor.ofHeaders(Map.of("KEY", "planted-secret-1")),
        Cancellation.NEVER,
        answer ->
            new Read(answer.status(), answer.address().host(), answer.body().readNBytes(1 << 20)));
  }

  private String url(String host, String path) {
    return "http://" + host + ":" + web.port() + path;
  }

  private static Terms anywhere(Duration timeout, Redirects redirects) {
    return new Terms(Reach.ANYWHERE, timeout, 1 << 22, redirects);
  }

  private static String why(Ending<Read> ending) {
    return switch (ending) {
      case Ending.Answered<Read>(var read) -> "answered " + read.status();
      case Ending.NotSent<Read>(var why) -> "not sent: " + why;
      case Ending.Broken<Read>(var why) -> "broken: " + why;
    };
  }

  @Test
  void a_name_is_resolved_once_and_the_connection_goes_where_it_pointed_then() throws Exception {
    try (LocalWeb trap = LocalWeb.plain(InetAddress.ofLiteral("127.0.0.2"), web.port());
        GuardedClient rebound =
            new GuardedClient(
                host ->
                    List.of(
                        InetAddress.ofLiteral(
                            resolved.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")),
                tls)) {
      assertThat(why(get(rebound, url("re.test", "/"), anywhere(LONG, Redirects.ANY))))
          .isEqualTo("answered 200");
      assertThat(resolved).hasValue(1);
      assertThat(web.requests()).hasSize(1);
      assertThat(trap.requests()).isEmpty();
    }
  }

  @Test
  void a_private_address_is_not_connected_to() {
    Terms plain = new Terms(new Reach(true, false), LONG, 1_000, Redirects.ANY);
    assertThat(why(get(url("inside.test", "/"), plain))).contains("not sent", "private");
    assertThat(why(get("https://inside.test/", new Terms(Reach.PUBLIC, LONG, 1, Redirects.ANY))))
        .contains("private");
    assertThat(why(get(url("a.test", "/"), new Terms(Reach.PUBLIC, LONG, 1, Redirects.ANY))))
        .contains("use https");
    assertThat(web.requests()).isEmpty();
  }

  @Test
  void a_redirect_to_the_loopback_is_vetted_like_a_first_request() {
    web.does(e -> redirect(e, "http://127.0.0.1:" + web.port() + "/inside"));
    Names outside = host -> List.of(InetAddress.getLoopbackAddress());
    Vetting vetted =
        Vetting.of(
            WebAddress.read("http://a.test/").resolve("http://127.0.0.1/x"),
            new Reach(true, false),
            outside);
    assertThat(vetted).isInstanceOf(Vetting.Refused.class);
    assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.SAME_HOST))))
        .as("not even asked for when it leaves the host")
        .isEqualTo("answered 302");
    assertThat(web.requests()).hasSize(1);
  }

  @Test
  void a_redirect_to_a_strange_place_ends_the_exchange() {
    for (String location :
        List.of("file:///etc/passwd", "http://2130706433/", "http://a@b.test/")) {
      web.does(e -> redirect(e, location));
      assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.ANY))))
          .contains("not sent", "not followed");
    }
  }

  @Test
  void redirects_end_after_five() {
    web.does(e -> redirect(e, "/again"));
    assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.ANY))))
        .contains("more than 5 redirects");
    assertThat(web.requests()).hasSize(6);
    assertThat(resolved).as("each hop is resolved and vetted anew").hasValue(6);
  }

  @Test
  void credentials_stay_on_their_origin() {
    web.does(
        e -> {
          if (e.getRequestURI().getPath().equals("/same")) {
            redirect(e, "http://b.test:" + web.port() + "/other");
          } else if (e.getRequestURI().getPath().equals("/")) {
            redirect(e, "/same");
          } else {
            LocalWeb.answer(e, 200, "done");
          }
        });
    HttpField[] secrets = {
      new HttpField("Authorization", "Bearer planted-secret-1"),
      new HttpField("Cookie", "a=b"),
      new HttpField("X-Api-Key", "planted-secret-1"),
      new HttpField("Accept", "text/plain")
    };
    assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.ANY), secrets)))
        .isEqualTo("answered 200");
    assertThat(web.requests().get(1).header("Authorization")).contains("planted-secret-1");
    LocalWeb.Asked last = web.requests().get(2);
    assertThat(last.header("Host")).startsWith("b.test");
    assertThat(last.header("Accept")).isEqualTo("text/plain");
    assertThat(last.header("Authorization")).isNull();
    assertThat(last.header("Cookie")).isNull();
    assertThat(last.header("X-Api-Key")).isNull();
  }

  @Test
  void a_redirect_does_not_carry_a_secret_to_another_host_in_its_address() {
    web.does(e -> redirect(e, "http://b.test:" + web.port() + "/?k=planted%2Dsecret-1"));
    assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.ANY))))
        .contains("not followed");
    assertThat(web.requests()).hasSize(1);
  }

  @Test
  void a_server_that_dribbles_is_given_up_at_the_time_out() {
    web.does(
        e -> {
          e.sendResponseHeaders(200, 0);
          while (over.getCount() > 0) {
            e.getResponseBody().write('x');
            e.getResponseBody().flush();
            await(20);
          }
        });
    long start = System.nanoTime();
    assertThat(why(get(url("a.test", "/"), anywhere(SHORT, Redirects.ANY)))).contains("broken");
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
  }

  private void await(long millis) throws IOException {
    try {
      boolean _ = over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void an_endless_body_fails_at_the_limit_for_those_who_read_it_all() {
    web.does(
        e -> {
          e.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[1 << 16];
          while (over.getCount() > 0) {
            e.getResponseBody().write(chunk);
          }
        });
    Terms small = new Terms(Reach.ANYWHERE, LONG, 100_000, Redirects.NONE);
    assertThat(why(get(url("a.test", "/"), small))).contains("longer than 100000 bytes");
  }

  @Test
  void a_gzip_bomb_is_unpacked_no_further_than_the_limit() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    }
    web.does(
        e -> {
          e.getResponseHeaders().set("Content-Encoding", "gzip");
          LocalWeb.answer(e, 200, bomb.toByteArray());
        });
    Terms small = new Terms(Reach.ANYWHERE, LONG, 1_000_000, Redirects.NONE);
    assertThat(why(get(url("a.test", "/"), small))).contains("longer than 1000000 bytes");
    assertThat(web.requests().getFirst().header("Accept-Encoding")).isEqualTo("gzip");
  }

  @Test
  void an_encoding_that_cannot_be_read_is_not_shown() {
    web.does(
        e -> {
          e.getResponseHeaders().set("Content-Encoding", "br");
          LocalWeb.answer(e, 200, "xxxx");
        });
    assertThat(why(get(url("a.test", "/"), anywhere(LONG, Redirects.NONE)))).contains("broken");
  }

  @Test
  void tls_is_checked_against_the_host_of_the_url_and_not_against_the_address() {
    try (LocalWeb secure = LocalWeb.secure(tls)) {
      String right = "https://" + LocalTls.HOST + ":" + secure.port() + "/";
      String wrong = "https://wrong.service.test:" + secure.port() + "/";
      assertThat(why(get(right, anywhere(LONG, Redirects.NONE)))).isEqualTo("answered 200");
      assertThat(why(get(wrong, anywhere(LONG, Redirects.NONE)))).contains("not sent", "TLS");
      assertThat(secure.requests()).hasSize(1);
    }
  }

  @Test
  void secrets_are_taken_out_of_headers_and_body() {
    web.does(
        e -> {
          e.getResponseHeaders().set("X-Echo", "planted-secret-1");
          LocalWeb.answer(e, 200, "it was planted-secret-1 and cGxhbnRlZC1zZWNyZXQtMQ==");
        });
    Ending<Read> ending = get(url("a.test", "/"), anywhere(LONG, Redirects.NONE));
    String body = new String(((Ending.Answered<Read>) ending).answer().body());
    assertThat(body).startsWith("it was [secret:KEY] and [secret:KEY]");
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    LocalWeb.answer(exchange, 302, "");
  }
}
