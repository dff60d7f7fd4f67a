package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.Role;
import dev.rookery.store.Together;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Deliveries of a channel over real HTTP: verified, committed, and only then acknowledged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HooksIT {
  private static final String HEADER = "X-Telegram-Bot-Api-Secret-Token";
  private static final String SECRET = "hook-secret-1";
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.OWNER);
  private final Integration bot = bot("hooked");

  @AfterAll
  void close() {
    server.close();
  }

  private Integration bot(String name) {
    return server
        .house()
        .integrations
        .create(
            server.org(),
            new NewIntegration(
                "telegram",
                name,
                Json.object().put("bot_username", "rook_bot").put("bot_id", 99),
                Map.of("bot_token", "1:x", "webhook_secret", SECRET),
                List.of()));
  }

  private String path() {
    return "/hooks/telegram/" + bot.id();
  }

  private static String update(int id) {
    return """
        {"update_id": %d, "message": {"message_id": 5, "date": 1760000000, "text": "hello",
         "chat": {"id": 42, "type": "private", "first_name": "Ada"},
         "from": {"id": 42, "is_bot": false, "first_name": "Ada"}}}
        """
        .formatted(id);
  }

  private HttpRequest.Builder delivery(String path, String body) {
    return server.request(path).POST(BodyPublishers.ofString(body));
  }

  private long accepted() {
    return server
        .get(key, "/api/v1/ingress?limit=200")
        .json()
        .path("items")
        .valueStream()
        .filter(entry -> entry.path("decision").asText().equals("accepted"))
        .count();
  }

  @Test
  void the_same_update_ten_times_at_once_is_one_event() {
    long before = accepted();
    var answers =
        Together.on(10, _ -> server.send(delivery(path(), update(1)).header(HEADER, SECRET)));
    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.getFirst().response().body()).isEqualTo("{}");
    assertThat(accepted() - before).isEqualTo(1);
  }

  @Test
  void a_delivery_that_does_not_prove_itself_is_refused_and_recorded() {
    long before = accepted();
    String body = update(2);
    assertThat(server.send(delivery(path(), body)).status()).isEqualTo(401);
    assertThat(server.send(delivery(path(), body).header(HEADER, "")).status()).isEqualTo(401);
    assertThat(server.send(delivery(path(), body).header(HEADER, "wrong")).status()).isEqualTo(401);
    var twice = delivery(path(), body).header(HEADER, SECRET).header(HEADER, SECRET);
    assertThat(server.send(twice).status()).isEqualTo(401);
    assertThat(accepted()).isEqualTo(before);
    assertThat(server.get(key, "/api/v1/ingress").json().path("items"))
        .extracting(entry -> entry.path("code").asText())
        .contains("secret_missing", "secret_wrong", "secret_duplicated");
  }

  @Test
  void bad_bodies_are_refused() {
    var malformed = server.send(delivery(path(), "{\"update_id\":").header(HEADER, SECRET));
    assertThat(malformed.status()).isEqualTo(400);
    byte[] large = new byte[(1 << 20) + 1];
    var declared =
        server.request(path()).header(HEADER, SECRET).POST(BodyPublishers.ofByteArray(large));
    var chunked =
        server
            .request(path())
            .header(HEADER, SECRET)
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));
    assertThat(server.send(declared).status()).isEqualTo(413);
    assertThat(server.send(chunked).code()).isEqualTo("body-too-large");
  }

  @Test
  void an_update_of_a_kind_we_do_not_know_is_accepted_and_skipped() {
    String body = "{\"update_id\": 77, \"something_new\": {}}";
    assertThat(server.send(delivery(path(), body).header(HEADER, SECRET)).status()).isEqualTo(200);
    assertThat(server.get(key, "/api/v1/ingress").json().path("items"))
        .extracting(entry -> entry.path("decision").asText())
        .contains("skipped");
  }

  @Test
  void addresses_that_nobody_has_look_alike() {
    String none = "int_" + "0".repeat(32);
    for (String path :
        List.of(
            "/hooks/telegram/" + none,
            "/hooks/telegram/x",
            "/hooks/fax/" + bot.id(),
            "/hooks/telegram/" + bot.id() + "/more",
            "/hooks/telegram",
            "/hooks/")) {
      var answer = server.send(delivery(path, update(3)).header(HEADER, SECRET));
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.response().body()).contains("Nothing is delivered");
    }
    assertThat(server.raw("GET", path(), null).status()).isEqualTo(405);
  }

  @Test
  void a_disabled_integration_takes_nothing_within_two_seconds() {
    Integration other = bot("switched off");
    String path = "/hooks/telegram/" + other.id();
    assertThat(server.send(delivery(path, update(4)).header(HEADER, SECRET)).status())
        .isEqualTo(200);
    server.house().integrations.setEnabled(server.org(), other.id(), false);
    long deadline = System.nanoTime() + 2_000_000_000L;
    int status = 200;
    for (int i = 5; status == 200 && System.nanoTime() < deadline; i++) {
      status = server.send(delivery(path, update(i)).header(HEADER, SECRET)).status();
    }
    assertThat(status).isEqualTo(404);
  }

  @Test
  void while_the_database_is_away_the_sender_is_asked_to_retry_and_nothing_is_lost() {
    long before = accepted();
    server.database().away(true);
    var away = server.send(delivery(path(), update(900)).header(HEADER, SECRET));
    var api = server.call("GET", "/api/v1/status", key, null);
    var ready = server.raw("GET", "/health/ready", null);
    server.database().away(false);
    assertThat(away.status()).isEqualTo(503);
    assertThat(away.header("Retry-After")).isEqualTo("2");
    assertThat(api.status()).isEqualTo(503);
    assertThat(api.code()).isEqualTo("storage-unavailable");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.json().path("problems")).hasSize(1);
    assertThat(server.send(delivery(path(), update(900)).header(HEADER, SECRET)).status())
        .isEqualTo(200);
    assertThat(accepted() - before).isEqualTo(1);
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (server.raw("GET", "/health/ready", null).status() != 200) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
  }
}
