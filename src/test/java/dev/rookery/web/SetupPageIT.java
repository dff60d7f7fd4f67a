package dev.rookery.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.OrgId;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Members;
import dev.rookery.orgs.Orgs;
import dev.rookery.orgs.Role;
import dev.rookery.orgs.SetupLinks;
import dev.rookery.store.Engine;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import dev.rookery.store.Together;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The set-up page over real HTTP: it works once, and for our own form only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SetupPageIT {
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
  private static final Pattern KEY = Pattern.compile("rk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");

  private final TestDatabase db = TestDatabases.fresh(Engine.SQLITE);
  private final Journal journal = new Journal(db.database());
  private final Orgs orgs = new Orgs(db.database(), journal);
  private final Members members = new Members(db.database(), journal);
  private final ApiKeys keys = new ApiKeys(db.database(), journal, Runnable::run);
  private final SetupLinks links = new SetupLinks(db.database(), journal, members, keys);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Javalin server = start();

  private Javalin start() {
    SetupPage page = new SetupPage(links, null);
    return Javalin.start(
        config -> {
          config.startup.showJavalinBanner = false;
          config.jetty.host = "127.0.0.1";
          config.jetty.port = 0;
          config.routes.get(SetupPage.PATH, page::show);
          config.routes.post(SetupPage.PATH, page::accept);
        });
  }

  @AfterAll
  void close() {
    client.close();
    server.stop();
    db.close();
  }

  private OrgId org() {
    return orgs.create("Default").id();
  }

  private URI url(String token) {
    return URI.create("http://127.0.0.1:" + server.port() + "/setup/" + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(String token) {
    return send(HttpRequest.newBuilder(url(token)));
  }

  private HttpRequest.Builder form(String token, String org, String name, String email) {
    Matcher csrf = CSRF.matcher(get(token).body());
    String proof = csrf.find() ? csrf.group(1) : "";
    String body =
        "csrf=%s&org=%s&name=%s&email=%s"
            .formatted(proof, encoded(org), encoded(name), encoded(email));
    return HttpRequest.newBuilder(url(token))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void the_link_makes_the_owner_and_shows_a_key_that_works() {
    OrgId org = org();
    String token = links.create(org).token();

    var answer = send(form(token, "Rooks & Sons", "Ada", "ada@example.com"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Rooks &amp; Sons").contains("./rookery chat rook");
    Matcher key = KEY.matcher(answer.body());
    assertThat(key.find()).isTrue();
    assertThat(keys.authenticate(key.group()).role()).isEqualTo(Role.OWNER);
    assertThat(members.list(org))
        .singleElement()
        .satisfies(m -> assertThat(m.name()).isEqualTo("Ada"));
    assertThat(orgs.find(org).orElseThrow().name()).isEqualTo("Rooks & Sons");
    var again = get(token);
    assertThat(again.statusCode()).isEqualTo(410);
    assertThat(again.body()).contains("This link was used").doesNotContain(key.group());
  }

  @Test
  void looking_uses_nothing_up_and_the_page_keeps_to_itself() {
    String token = links.create(org()).token();
    get(token);
    var page = get(token);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; style-src 'nonce-")
        .contains("frame-ancestors 'none'");
    assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.body()).doesNotContain("<script", "https://", "src=").contains("lang=\"en\"");
    Matcher label = Pattern.compile("<label for=\"(\\w+)\"").matcher(page.body());
    while (label.find()) {
      assertThat(page.body()).contains("id=\"" + label.group(1) + "\"");
    }
  }

  @Test
  void of_many_who_send_the_form_at_once_one_becomes_the_owner() {
    OrgId org = org();
    String token = links.create(org).token();
    var answers =
        Together.on(8, i -> send(form(token, "Many", "Ada " + i, "ada" + i + "@example.com")));
    assertThat(answers.stream().filter(a -> a.statusCode() == 200)).hasSize(1);
    assertThat(answers.stream().filter(a -> a.statusCode() == 410)).hasSize(7);
    assertThat(members.list(org)).hasSize(1);
  }

  @Test
  void forms_that_our_page_did_not_send_change_nothing() {
    OrgId org = org();
    String token = links.create(org).token();
    var crossSite =
        form(token, "X", "Eve", "eve@example.com").header("Sec-Fetch-Site", "cross-site");
    var foreign =
        form(token, "X", "Eve", "eve@example.com").header("Origin", "https://evil.example");
    var opaque = form(token, "X", "Eve", "eve@example.com").header("Origin", "null");
    var bare =
        HttpRequest.newBuilder(url(token))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("org=X&name=Eve&email=eve%40example.com&csrf=x"));
    assertThat(send(crossSite).statusCode()).isEqualTo(403);
    assertThat(send(foreign).statusCode()).isEqualTo(403);
    assertThat(send(opaque).statusCode()).isEqualTo(403);
    assertThat(send(bare).statusCode()).isEqualTo(403);
    assertThat(members.list(org)).isEmpty();
    var ours =
        form(token, "X", "Ada", "ada@example.com")
            .header("Origin", "http://127.0.0.1:" + server.port())
            .header("Sec-Fetch-Site", "same-origin");
    assertThat(send(ours).statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_wrong_is_said_at_its_field_and_what_was_entered_stays() {
    OrgId org = org();
    String token = links.create(org).token();
    var answer = send(form(token, "<b>Bold</b>", " ", "not an address"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("aria-invalid=\"true\"")
        .contains("Enter your name")
        .contains("&lt;b>Bold")
        .contains("not an address")
        .doesNotContain("<b>Bold");
    assertThat(send(form(token, "", "Ada", "x")).body())
        .contains("Enter the name of your team")
        .contains("Enter an e-mail address");
    var large = form(token, "x".repeat(20_000), "Ada", "ada@example.com");
    assertThat(send(large).statusCode()).isEqualTo(400);
    var json =
        HttpRequest.newBuilder(url(token))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(send(json).statusCode()).isEqualTo(400);
    assertThat(members.list(org)).isEmpty();
  }

  @Test
  void unknown_and_expired_links_have_pages_of_their_own() {
    assertThat(get("nonsense").statusCode()).isEqualTo(404);
    assertThat(get("nonsense").body())
        .contains("This link is not known")
        .contains("./rookery init");
    String token = links.create(org()).token();
    var late = form(token, "X", "Ada", "ada@example.com");
    db.clock().advance(Duration.ofHours(25));
    assertThat(get(token).statusCode()).isEqualTo(410);
    assertThat(send(late).body()).contains("This link has expired");
  }
}
