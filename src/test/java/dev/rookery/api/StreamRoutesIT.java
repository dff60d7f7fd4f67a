package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.TestNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Server-sent events, as clients see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamRoutesIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "slowly"}}
          then: {text: "one two three four five six", chunk: 4, pause_ms: 120}
        - then: {text: "Yes."}
      """;

  private final TestNode node = TestNode.scripted(SCRIPT);
  private final TestServer server = TestServer.over(node.house(), node.org());
  private final String key = server.key(Role.OWNER);

  @AfterAll
  void close() {
    server.close();
    node.close();
  }

  private SseReader open(String path) {
    return SseReader.open(server.request(path), key);
  }

  private void agent(String handle) {
    node.house().agents.create(node.org(), new NewAgent(handle, handle, "Help.", null));
  }

  private String say(String agent, String text) {
    var answer =
        server.post(
            key,
            "/api/v1/agents/" + agent + "/messages",
            "{\"text\":\"%s\",\"conversation\":\"cli:%s\"}".formatted(text, agent));
    assertThat(answer.status()).isEqualTo(202);
    return "cli:" + agent;
  }

  private static String textOf(List<SseReader.Event> events) {
    StringBuilder text = new StringBuilder();
    events.stream()
        .filter(event -> event.name().equals("token"))
        .forEach(event -> text.append(event.json().path("text").asText()));
    return text.toString();
  }

  private static List<Long> numbers(List<SseReader.Event> events) {
    return events.stream().filter(e -> !e.id().isEmpty()).map(SseReader.Event::seq).toList();
  }

  @Test
  void two_clients_see_the_journal_as_the_journal_route_shows_it() {
    long head = node.house().journal.head(node.org());
    try (SseReader one = open("/api/v1/stream?after=" + head);
        SseReader two = open("/api/v1/stream?after=" + head)) {
      assertThat(one.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
      assertThat(one.response().headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(one.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
      agent("seen");

      List<SseReader.Event> first = one.until(e -> e.name().equals("agent.created"));
      assertThat(two.until(e -> e.name().equals("agent.created"))).isEqualTo(first);
      var page = server.get(key, "/api/v1/journal?limit=200&after=" + head).json();
      List<String> shown = new ArrayList<>();
      page.path("items").forEach(item -> shown.add(Json.write(item)));
      assertThat(first).extracting(SseReader.Event::data).isEqualTo(shown.subList(0, first.size()));
    }
  }

  @Test
  void a_run_streams_its_words_and_ends_and_is_replayed_without_them() {
    agent("talker");
    String run;
    try (SseReader talk = open("/api/v1/stream?conversation=cli:talker")) {
      say("talker", "slowly please");
      run = talk.until(e -> e.name().equals("run.queued")).getLast().json().at("/subject").asText();
      try (SseReader live = open("/api/v1/runs/" + run + "/stream");
          SseReader mute = open("/api/v1/runs/" + run + "/stream?tokens=false")) {
        List<SseReader.Event> events = live.until(e -> e.name().equals("end"));
        assertThat(live.any()).isEqualTo(SseReader.Event.CLOSED);
        assertThat(events.getFirst().name()).isEqualTo("run.queued");
        assertThat(events).extracting(SseReader.Event::name).contains("run.finished");
        assertThat("one two three four five six").endsWith(textOf(events));
        assertThat(mute.until(e -> e.name().equals("end")))
            .isEqualTo(events.stream().filter(e -> !e.name().equals("token")).toList());
        try (SseReader replayed = open("/api/v1/runs/" + run + "/stream")) {
          List<SseReader.Event> again = replayed.until(e -> e.name().equals("end"));
          assertThat(numbers(again)).isEqualTo(numbers(events));
        }
        long last = numbers(events).getLast();
        try (SseReader rest =
            SseReader.open(server.request("/api/v1/runs/" + run + "/stream"), key, last)) {
          assertThat(rest.next().name()).isEqualTo("end");
        }
      }
      List<SseReader.Event> inTalk = talk.until(e -> e.name().equals("run.finished"));
      assertThat(textOf(inTalk)).isEqualTo("one two three four five six");
    }
    RunId id = new RunId(run);
    assertThat(node.house().runs.find(node.org(), id).status().state().over()).isTrue();
  }

  @Test
  void the_stream_of_an_agent_shows_its_runs_and_deliveries_alone() {
    agent("mine");
    agent("other");
    try (SseReader stream = open("/api/v1/agents/mine/stream")) {
      say("other", "Hello?");
      say("mine", "Hello?");
      List<SseReader.Event> events = stream.until(e -> e.name().equals("run.finished"));
      String id = node.house().agents.require(node.org(), "mine").id().value();
      assertThat(events).allMatch(e -> e.json().path("agent").asText().equals(id));
      assertThat(events)
          .extracting(SseReader.Event::name)
          .contains("activation.decided", "run.queued", "run.started", "delivery.sent");
    }
  }

  @Test
  void a_quiet_stream_sends_heartbeats_that_move_its_place_along() {
    try (SseReader stream = open("/api/v1/stream?conversation=nobody")) {
      assertThat(stream.any()).isEqualTo(SseReader.Event.HEARTBEAT);
      agent("unseen");
      long head = node.house().journal.head(node.org());
      while (stream.lastId() < head) {
        assertThat(stream.any()).isEqualTo(SseReader.Event.HEARTBEAT);
      }
    }
  }

  @Test
  void bad_places_and_unknown_things_are_problems() {
    assertThat(server.get(key, "/api/v1/stream?after=999999999").code())
        .isEqualTo("cursor-from-the-future");
    for (String bad : List.of("after=-1", "after=x", "tokens=maybe", "conversation=a&agent=b")) {
      assertThat(server.get(key, "/api/v1/stream?" + bad).code()).isEqualTo("bad-parameter");
    }
    assertThat(server.get(key, "/api/v1/stream?agent=nobody").status()).isEqualTo(404);
    HttpRequest.Builder odd =
        server
            .request("/api/v1/stream")
            .header("Last-Event-ID", "abc")
            .header("Authorization", "Bearer " + key);
    assertThat(server.send(odd).code()).isEqualTo("bad-parameter");
  }

  @Test
  void another_organizations_records_are_never_streamed() {
    OrgId foreign = node.house().orgs.create("Foreign").id();
    String theirs = server.key(foreign, Role.OWNER);
    try (SseReader stream = SseReader.open(server.request("/api/v1/stream"), theirs)) {
      agent("private");
      node.house().agents.create(foreign, new NewAgent("own", "own", "Help.", null));
      assertThat(stream.next().json().at("/data/handle").asText()).isEqualTo("own");
    }
  }

  @Test
  void a_revoked_key_closes_its_stream_within_two_seconds() {
    var created = node.house().keys.create(node.org(), new ApiKey.Wish("brief", Role.VIEWER, null));
    KeyId id = created.key().id();
    try (SseReader stream = SseReader.open(server.request("/api/v1/stream"), created.secret())) {
      long start = System.nanoTime();
      node.house().keys.revoke(node.org(), id);
      List<SseReader.Event> events = stream.until(e -> e.name().equals("closed"));
      assertThat(events.getLast().json().path("code").asText()).isEqualTo("key-revoked");
      assertThat(stream.next()).isEqualTo(SseReader.Event.CLOSED);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void a_client_that_comes_back_after_a_restart_misses_nothing_and_sees_nothing_twice() {
    try (TestNode restarted = TestNode.scripted(SCRIPT)) {
      String ours =
          restarted
              .house()
              .keys
              .create(restarted.org(), new ApiKey.Wish("test", Role.OWNER, null))
              .secret();
      List<Long> seen = new ArrayList<>();
      long start = restarted.house().journal.head(restarted.org());
      long last = start;
      for (int round = 0; round < 3; round++) {
        try (SseReader stream = SseReader.open(streamOf(restarted), ours, last)) {
          restarted.agent("a" + round);
          seen.addAll(numbers(stream.until(e -> e.name().equals("agent.created"))));
          restarted.agent("b" + round);
          long before = System.nanoTime();
          restarted.restart();
          assertThat(Duration.ofNanos(System.nanoTime() - before))
              .isLessThan(Duration.ofSeconds(10));
          seen.addAll(numbers(stream.until(e -> e.equals(SseReader.Event.CLOSED))));
          last = Math.max(last, stream.lastId());
          restarted.agent("c" + round);
        }
      }
      long head = restarted.house().journal.head(restarted.org());
      try (SseReader stream = SseReader.open(streamOf(restarted), ours, last)) {
        seen.addAll(numbers(stream.until(e -> e.id().equals(Long.toString(head)))));
      }
      assertThat(seen).isEqualTo(LongStream.rangeClosed(start + 1, head).boxed().toList());
    }
  }

  private static HttpRequest.Builder streamOf(TestNode node) {
    return HttpRequest.newBuilder(URI.create(node.rookery().url() + "/api/v1/stream"));
  }

  @Test
  void open_streams_are_counted() {
    try (SseReader stream = open("/api/v1/stream")) {
      assertThat(stream.any()).isNotNull();
      String metrics = server.get(key, "/metrics").response().body();
      assertThat(metrics).containsPattern("rookery_streams_open [1-9]");
      assertThat(metrics).contains("rookery_streams_dropped_total");
    }
  }
}
