package dev.rookery.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Colony;
import dev.rookery.TestNode;
import dev.rookery.agents.Agent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.egress.LocalWeb;
import dev.rookery.egress.NetworkRule;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Run;
import dev.rookery.runs.Runs;
import dev.rookery.sandbox.confinement.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/**
 * Two hundred secrets in a whole node, each used by {@code http_request} and by commands in the
 * sandbox against a server that says them back in every way. Then everything that comes out of the
 * node, and all that it keeps, is searched (spec 03, "Canary test over all outputs: 0 hits").
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PlantedSecretsIT {
  private static final int COUNT = 200;
  private static final int BATCH = 10;
  private static final List<String> HOW =
      List.of("plain", "gzip", "utf-16le", "error", "zeros", "utf-16be", "escapes", "invisible");

  /** Does what it is told, and says what it saw. */
  private static final String OBEDIENT =
      """
      version: 1
      rules:
        - when: {user_text: {matches: "^request (\\\\S+) (\\\\S+)$"}}
          then: {tool_calls: [{tool: http_request, arguments:
            {method: POST, url: "{{1}}", secret: "{{2}}", body: "{\\"a\\": 1}"}}]}
        - when: {user_text: {matches: "^fetch (\\\\S+)$"}}
          then: {tool_calls: [{tool: web_fetch, arguments: {url: "{{1}}"}}]}
        - when: {user_text: {matches: "(?s)^run (.*)$"}}
          then: {tool_calls: [{tool: bash, arguments: {command: "{{1}}"}}]}
        - then: {text: "I saw: {{tool_result}}"}
      """;

  private final List<Planted> planted = Planted.all(COUNT);
  private final Needles needles = new Needles();
  private final Parrot parrot = new Parrot(planted);
  private final LocalWeb web = LocalWeb.plain().does(parrot);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.rookery");
  private final @Nullable Level rootLevel = root.getLevel();
  private final @Nullable Level ourLevel = ours.getLevel();
  private final @Nullable Appender<ILoggingEvent> shown = root.getAppender("stderr");
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> answers = new ArrayList<>();
  private static final int SAMPLE = 20;
  private final List<Run> told = new ArrayList<>();
  private TestNode node;
  private Agent rook;
  private String key;

  @BeforeAll
  void plant() {
    for (Planted secret : planted) {
      secret.forms().forEach((form, text) -> needles.add(text, secret.name() + " " + form));
    }
    root.setLevel(Level.DEBUG);
    ours.setLevel(Level.TRACE);
    root.detachAppender(shown);
    logged.start();
    root.addAppender(logged);
    node = TestNode.scripted(OBEDIENT);
    rook = node.agent("rook");
    node.house().grants.put(node.org(), rook.id(), new Grant("*", Grant.Verdict.ALLOW));
    node.house()
        .hands
        .networks
        .add(
            node.org(),
            rook.id(),
            new NetworkRule(true, new HostPattern("localhost"), web.port(), true, true));
    key = node.house().keys.create(node.org(), new ApiKey.Wish("t", Role.OWNER, null)).secret();
    planted.forEach(this::store);
  }

  private void store(Planted secret) {
    ObjectNode wish =
        Json.object()
            .put("name", secret.name())
            .put("place", secret.place().toString())
            .put("prefix", secret.prefix())
            .put("value", secret.value());
    wish.putArray("hosts").add("localhost");
    assertThat(post("/api/v1/secrets", wish).statusCode()).as(secret.toString()).isEqualTo(201);
  }

  @AfterAll
  void close() {
    node.close();
    client.close();
    web.close();
    root.detachAppender(logged);
    root.setLevel(rootLevel);
    ours.setLevel(ourLevel);
    if (shown != null) {
      root.addAppender(shown);
    }
  }

  private HttpResponse<String> post(String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(URI.create(node.rookery().url() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body))));
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(node.rookery().url() + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(
              request.header("Authorization", "Bearer " + key).build(),
              HttpResponse.BodyHandlers.ofString());
      answers.add(answer.headers() + "\n" + answer.body());
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Each in a conversation of its own; returns when all runs are over. */
  private void tell(List<String> texts) {
    long before = finished();
    Set<String> places = new TreeSet<>();
    for (String text : texts) {
      String place = "chat-" + dev.rookery.kernel.Ids.next("c");
      places.add(place);
      Inbound line = Colony.line(place, text);
      var _ = node.house().inbox.acceptAll(node.org(), List.of(line), rook.id());
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (finished() < before + texts.size()) {
      assertThat(System.nanoTime()).as("all runs are over").isLessThan(deadline);
      var journal = node.house().journal;
      try {
        journal.await(node.org(), journal.head(node.org()), 1, Duration.ofMillis(50));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    node.house().runs.list(node.org(), new Runs.Query(null, null, null, 5_000)).stream()
        .filter(run -> places.contains(run.conversation()))
        .forEach(told::add);
  }

  private long finished() {
    return node.house().runs.counts(node.org()).getOrDefault("done", 0L)
        + node.house().runs.counts(node.org()).getOrDefault("failed", 0L);
  }

  private String url(String kind, Planted secret) {
    String how = HOW.get(secret.number() % HOW.size());
    return "http://localhost:" + web.port() + "/" + kind + "/" + how;
  }

  @Test
  void http_request_gives_none_away() {
    tell(planted.stream().map(s -> "request " + url("tool", s) + " " + s.name()).toList());

    assertThat(parrot.received).containsAll(received("tool"));
    assertThat(String.join("\n", replies()))
        .contains(planted.stream().map(s -> "[secret:" + s.name() + "]").toList());
    findsNothing();
  }

  @Test
  void a_page_that_takes_them_apart_gives_none_away() {
    List<String> pages = new ArrayList<>();
    for (int page = 0; page < 10; page++) {
      pages.add("fetch http://localhost:" + web.port() + "/pages/" + page);
    }

    tell(pages);

    assertThat(replies()).filteredOn(text -> text.contains("# Page")).hasSize(10);
    findsNothing();
  }

  @Test
  void commands_in_the_sandbox_give_none_away() {
    var available = node.house().hands.sandboxes.availability();
    assumeTrue(available.chosen().equals(Optional.of(Tier.BWRAP)), "only there is a network");
    List<String> batches = new ArrayList<>();
    for (int from = 0; from < COUNT; from += BATCH) {
      StringBuilder command = new StringBuilder("run export TOKEN='{{secret:PLANTED_0}}'\n");
      planted.subList(from, from + BATCH).forEach(secret -> command.append(line(secret)));
      batches.add(command.toString());
    }
    try (CommandLines processes = new CommandLines(needles, "{{secret:PLANTED_")) {
      tell(batches);
      assertThat(processes.seen()).as("commands that were looked at").isPositive();
      assertThat(processes.found()).isEmpty();
    }

    assertThat(parrot.received).containsAll(received("shell"));
    findsNothing();
  }

  private List<String> received(String kind) {
    return planted.stream().map(secret -> kind + ":" + secret.name()).toList();
  }

  /** Bash alone, or curl where there is one; what comes back is kept in the home and shown. */
  private String line(Planted secret) {
    String reference = "{{secret:" + secret.name() + "}}";
    String url = url("shell", secret);
    boolean curl = secret.number() % 2 == 0 && Files.exists(Path.of("/usr/bin/curl"));
    return switch (secret.place()) {
      case SecretPlace.Header(var name) ->
          curl
              ? curl("-H '" + name + ": " + reference + "' '" + url + "'")
              : bash("GET " + url, name + ": " + reference, "");
      case SecretPlace.Query(var name) ->
          curl
              ? curl("-g '" + url + "?" + name + "=" + reference + "'")
              : bash("GET " + url + "?" + name + "=" + reference, "Accept: */*", "");
      case SecretPlace.BodyField _ -> {
        String body = "{\"auth\": {\"token\": \"" + reference + "\"}}";
        String type = "Content-Type: application/json";
        yield curl
            ? curl("-H '" + type + "' -d '" + body + "' '" + url + "'")
            : bash("POST " + url, type + "\\r\\nContent-Length: " + body.length(), body);
      }
    };
  }

  private static String curl(String arguments) {
    return "curl -sS -i --compressed --noproxy '' -x http://127.0.0.1:3128 "
        + arguments
        + " 2>&1 | tee -a seen\n";
  }

  private static String bash(String request, String header, String body) {
    return "exec 3<>/dev/tcp/127.0.0.1/3128; printf '"
        + request
        + " HTTP/1.1\\r\\nHost: localhost\\r\\n"
        + header
        + "\\r\\n\\r\\n"
        + body
        + "' >&3; cat <&3 | tee -a seen; exec 3>&-\n";
  }

  private List<String> replies() {
    return node
        .house()
        .deliveries
        .list(node.org(), new Deliveries.Query(null, null, null, null, 5_000))
        .stream()
        .map(delivery -> delivery.message().markdown())
        .toList();
  }

  @Test
  void what_cannot_be_kept_is_not_repeated_either() {
    List<String> refused =
        List.of(
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n",
            "pässwörd-mit-Umlauten",
            "\u5bc6\u7801\u662f\u8fd9\u4e2a\u5b57\u7b26\u4e32-\ud83d\udd11",
            "tabbed\tand\u0007ringing-value",
            " spaces-around-the-value ",
            "x".repeat(4_097));
    Needles theirs = new Needles();
    for (int i = 0; i < refused.size(); i++) {
      theirs.add(refused.get(i), "refused " + i);
      theirs.add(refused.get(i).substring(0, 10), "beginning of refused " + i);
      ObjectNode wish = Json.object().put("name", "REFUSED_" + i).put("place", "header:X-Key");
      wish.put("value", refused.get(i)).putArray("hosts").add("localhost");
      assertThat(post("/api/v1/secrets", wish).body()).contains("bad-secret");
    }
    assertThat(findings(theirs)).isEmpty();
  }

  private void findsNothing() {
    assertThat(findings(needles)).isEmpty();
  }

  /** Where anything was found, and what. */
  private Set<String> findings(Needles wanted) {
    Set<String> found = new TreeSet<>();
    askEverything();
    answers.forEach(answer -> wanted.in(answer).forEach(hit -> found.add("the API: " + hit)));
    answers.clear();
    told.clear();
    for (ILoggingEvent event : List.copyOf(logged.list)) {
      wanted.in(text(event)).forEach(hit -> found.add("the log: " + hit));
    }
    Outputs.rows(node.house().database())
        .forEach((row, text) -> wanted.in(text).forEach(hit -> found.add(row + ": " + hit)));
    Outputs.files(node.dir())
        .forEach((file, bytes) -> wanted.in(bytes).forEach(hit -> found.add(file + ": " + hit)));
    return found;
  }

  private static String text(ILoggingEvent event) {
    String stack =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    return event.getFormattedMessage()
        + event.getKeyValuePairs()
        + event.getMDCPropertyMap()
        + stack;
  }

  /** What is streamed without an end is the journal, which is read below. */
  private static boolean ends(JsonNode read) {
    return !read.at("/responses/200/content").has("text/event-stream");
  }

  /** Every route that reads, of each kind of thing the newest and of runs all. */
  private void askEverything() {
    JsonNode paths = Json.parse(get("/api/v1/openapi.json").body()).path("paths");
    assertThat(paths.size()).isGreaterThan(20);
    paths
        .properties()
        .forEach(
            path -> {
              JsonNode read = path.getValue().path("get");
              if (!read.isMissingNode() && !path.getKey().contains("{") && ends(read)) {
                get(path.getKey());
              }
            });
    for (int after = 0; after < node.house().journal.head(node.org()); after += 500) {
      get("/api/v1/journal?after=" + after + "&limit=500");
    }
    told.forEach(run -> get("/api/v1/runs/" + run.id()));
    for (Run run : told.subList(0, Math.min(SAMPLE, told.size()))) {
      get("/api/v1/runs/" + run.id() + "/export");
      get("/api/v1/runs/" + run.id() + "/stream");
    }
    planted.subList(0, 20).forEach(secret -> get("/api/v1/secrets/" + secret.name()));
    get("/api/v1/agents/rook");
    get("/api/v1/agents/rook/network");
  }
}
