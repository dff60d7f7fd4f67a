package dev.rookery.streams;

import static dev.rookery.streams.StreamStage.LONG;
import static dev.rookery.streams.StreamStage.about;
import static dev.rookery.streams.StreamStage.entry;
import static dev.rookery.streams.StreamStage.numbers;
import static dev.rookery.streams.StreamStage.read;
import static dev.rookery.streams.StreamStage.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Principal;
import dev.rookery.orgs.Role;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every record once, in order, to everybody who may see it, however slow they are. */
@BothEngines
final class StreamsIT {
  private static final Scope ALL = new Scope.Everything();
  private static final Fan.Size SMALL = new Fan.Size(32, 1 << 16);

  private final TestDatabase db;
  private final OrgId org;

  StreamsIT(TestDatabase db) {
    this.db = db;
    this.org = db.newOrg();
  }

  private StreamStage node() {
    return new StreamStage(db.database(), SMALL);
  }

  @Test
  void nothing_is_lost_or_repeated_however_readers_pause_and_come_back() {
    try (StreamStage node = node();
        StreamStage other = node()) {
      Principal who = node.viewer(org);
      int written = 1 + 6 * 40 * 2;
      List<CompletableFuture<List<Long>>> readers =
          IntStream.range(0, 20)
              .mapToObj(i -> follow(i % 4 == 0 ? other : node, who, i, written))
              .toList();

      Together.on(
          6,
          writer -> {
            for (int n = 0; n < 40; n++) {
              StreamStage from = writer % 3 == 0 ? other : node;
              from.append(org, entry("w" + writer, n), entry("w" + writer, n));
            }
            return writer;
          });

      List<Long> all = LongStream.rangeClosed(1, written).boxed().toList();
      assertThat(readers)
          .allSatisfy(reader -> assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(all));
      assertThat(node.streams.count()).isZero();
    }
  }

  /** Reads everything with a stream that is closed and opened again at random. */
  private static CompletableFuture<List<Long>> follow(
      StreamStage node, Principal who, int seed, int until) {
    CompletableFuture<List<Long>> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(followed(node, who, new Random(seed), until));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  private static List<Long> followed(StreamStage node, Principal who, Random random, int until)
      throws InterruptedException {
    List<Long> seen = new ArrayList<>();
    long last = 0;
    while (last < until) {
      try (Subscription stream = node.streams.open(who, ALL, last)) {
        for (int i = random.nextInt(1, 12); i > 0 && last < until; i--) {
          seen.addAll(numbers(stream.next(Duration.ofMillis(random.nextInt(1, 50)))));
          LockSupport.parkNanos(random.nextInt(8_000_000));
          last = stream.seen();
        }
      }
    }
    return seen;
  }

  @Test
  void a_reader_that_fell_out_of_the_ring_reads_on_from_the_database() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      long head = node.journal.head(org);
      try (Subscription slow = node.streams.open(who, ALL, head);
          Subscription quick = node.streams.open(who, ALL, head)) {
        node.append(org, entry("first", 0));
        assertThat(read(slow, 1)).containsExactly(head + 1);
        for (int n = 0; n < 300; n++) {
          node.append(org, entry("more", n));
        }
        assertThat(read(quick, 301)).hasSize(301);

        assertThat(read(slow, 300))
            .isEqualTo(LongStream.rangeClosed(head + 2, head + 301).boxed().toList());
        node.append(org, entry("last", 0));
        assertThat(read(slow, 1)).containsExactly(head + 302);
      }
    }
  }

  @Test
  void a_cursor_from_the_future_is_refused_with_the_newest_number() {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      long head = node.journal.head(org);

      Refusal refusal =
          catchThrowableOfType(
              Refusal.class, () -> node.streams.open(who, ALL, head + 1));

      assertThat(refusal.code()).isEqualTo("cursor-from-the-future");
      assertThat(refusal).hasMessageContaining("the newest one is " + head);
    }
  }

  @Test
  void without_a_cursor_a_stream_begins_now() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      node.append(org, entry("before", 1));
      long head = node.journal.head(org);
      try (Subscription stream = node.streams.open(who, ALL, -1)) {
        assertThat(stream.seen()).isEqualTo(head);
        assertThat(stream.next(Duration.ofMillis(5))).isEmpty();
        node.append(org, entry("after", 1));
        assertThat(read(stream, 1)).containsExactly(head + 1);
      }
    }
  }

  @Test
  void each_scope_shows_what_belongs_to_it_and_passes_over_the_rest() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      RunId run = node.newRun(org);
      AgentId agent = db.database().write(org, tx -> Rows.agent(tx, org));
      long head = node.journal.head(org);
      try (Subscription ofRun = node.streams.open(who, new Scope.OfRun(run), head);
          Subscription ofTalk = node.streams.open(who, new Scope.OfConversation("talk:1"), head);
          Subscription ofAgent = node.streams.open(who, new Scope.OfAgent(agent), head)) {
        node.append(org, about("run.started", run.value(), null));
        node.append(org, new JournalEntry("a", "x", "talk:1", Json.object()));
        node.append(org, entry("elsewhere", 0), entry(agent.value(), 1));
        node.append(org, entry("done", 2).of(agent), about("delivery.sent", "dlv", run));

        assertThat(read(ofRun, 2)).containsExactly(head + 1, head + 6);
        assertThat(read(ofTalk, 1)).containsExactly(head + 2);
        assertThat(read(ofAgent, 2)).containsExactly(head + 4, head + 5);
        assertThat(ofTalk.next(Duration.ofMillis(5))).isEmpty();
        assertThat(ofTalk.seen()).isEqualTo(head + 6);
      }
    }
  }

  @Test
  void what_is_not_there_or_not_theirs_is_not_found() {
    OrgId foreign = db.newOrg();
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      RunId theirs = node.newRun(foreign);
      for (Scope scope :
          List.of(
              new Scope.OfRun(RunId.next()),
              new Scope.OfRun(theirs),
              new Scope.OfAgent(AgentId.next()))) {
        assertThatExceptionOfType(Refusal.class)
            .isThrownBy(() -> node.streams.open(who, scope, 0))
            .matches(refusal -> refusal.kind() == Refusal.Kind.NOT_FOUND);
      }
      assertThat(node.streams.count()).isZero();
    }
  }

  @Test
  void a_key_revoked_on_another_node_ends_its_waiting_streams_within_two_seconds()
      throws Exception {
    try (StreamStage node = node();
        StreamStage other = node()) {
      Principal who = node.viewer(org);
      Principal stays = node.viewer(org);
      try (Subscription stream = node.streams.open(who, ALL, -1);
          Subscription untouched = node.streams.open(stays, ALL, -1)) {
        CompletableFuture<Refusal> end = refusalOf(stream);
        long start = System.nanoTime();
        other.keys.revoke(org, who.key());

        assertThat(end.get(10, TimeUnit.SECONDS).code()).isEqualTo("key-revoked");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(read(untouched, 1)).hasSize(1);
      }
    }
  }

  @Test
  void a_key_that_expires_ends_its_streams() throws Exception {
    try (StreamStage node = node()) {
      Instant expires = db.clock().instant().plusSeconds(60);
      Principal who =
          node.keys.authenticate(
              node.keys.create(org, new ApiKey.Wish("brief", Role.VIEWER, expires)).secret());
      try (Subscription stream = node.streams.open(who, ALL, -1)) {
        CompletableFuture<Refusal> end = refusalOf(stream);
        db.clock().advance(Duration.ofSeconds(61));

        assertThat(end.get(10, TimeUnit.SECONDS).code()).isEqualTo("key-expired");
      }
    }
  }

  private static CompletableFuture<Refusal> refusalOf(Subscription stream) {
    return CompletableFuture.supplyAsync(
        () ->
            catchThrowableOfType(
                Refusal.class,
                () -> {
                  while (true) {
                    stream.next(LONG);
                  }
                }));
  }

  @Test
  void a_node_that_stops_ends_its_streams_at_once() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      Subscription stream = node.streams.open(who, ALL, -1);
      CompletableFuture<Refusal> end = refusalOf(stream);

      node.streams.close();

      assertThat(end.get(5, TimeUnit.SECONDS).code()).isEqualTo("stopping");
      assertThatExceptionOfType(Refusal.class)
          .isThrownBy(() -> node.streams.open(who, ALL, -1))
          .matches(refusal -> refusal.code().equals("stopping"));
    }
  }

  @Test
  void tokens_come_live_between_the_start_and_the_end_of_their_step() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      RunId run = node.newRun(org);
      try (Subscription stream = node.streams.open(who, new Scope.OfRun(run), -1);
          Subscription elsewhere =
              node.streams.open(who, new Scope.OfConversation("talk:2"), -1)) {
        node.append(org, step("step.started", run));
        node.streams.say(token(org, run, 1, "Hel"));
        node.streams.say(token(org, run, 1, "lo"));
        node.append(org, step("step.finished", run));

        List<Item> items = new ArrayList<>();
        while (numbers(items).size() < 2) {
          items.addAll(stream.next(LONG));
        }
        assertThat(items.getFirst()).isInstanceOf(Item.Entry.class);
        assertThat(items.getLast()).isInstanceOf(Item.Entry.class);
        assertThat(items.subList(1, items.size() - 1))
            .isNotEmpty()
            .allMatch(Item.Token.class::isInstance)
            .extracting(item -> ((Item.Token) item).delta().text())
            .satisfies(texts -> assertThat(String.join("", texts)).isEqualTo("Hello"));
        assertThat(elsewhere.next(Duration.ofMillis(5))).isEmpty();
        try (Subscription late = node.streams.open(who, new Scope.OfRun(run), 0)) {
          assertThat(late.next(LONG)).isNotEmpty().allMatch(Item.Entry.class::isInstance);
        }
      }
    }
  }

  private static JournalEntry step(String kind, RunId run) {
    return new JournalEntry(
        kind, run.value(), "talk:1", Json.object().put("step", 1).put("attempt", 1));
  }

  @Test
  void the_stream_of_a_run_knows_its_end() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      RunId run = node.newRun(org);
      for (int n = 0; n < 400; n++) {
        node.append(org, entry("older", n));
      }
      node.append(org, about("run.started", run.value(), null));
      Scope.OfRun scope = new Scope.OfRun(run);
      long begin = node.streams.before(org, scope);
      try (Subscription live = node.streams.open(who, scope, begin)) {
        assertThat(read(live, 1)).containsExactly(begin + 1);
        assertThat(live.over()).isFalse();
        node.append(
            org,
            about("run.finished", run.value(), null),
            entry("of another", 1),
            about("delivery.queued", "dlv", run));
        assertThat(read(live, 2)).containsExactly(begin + 2, begin + 4);
        live.next(Duration.ZERO);
        assertThat(live.over()).isTrue();
      }
      for (int n = 0; n < 400; n++) {
        node.append(org, entry("newer", n));
      }
      try (Subscription replayed = node.streams.open(who, scope, begin)) {
        List<Long> seen = new ArrayList<>();
        while (!replayed.over()) {
          seen.addAll(numbers(replayed.next(LONG)));
        }
        assertThat(seen).containsExactly(begin + 1, begin + 2, begin + 4);
      }
    }
  }

  @Test
  void records_are_shown_as_they_were_journaled() throws Exception {
    try (StreamStage node = node()) {
      Principal who = node.viewer(org);
      AgentId agent = AgentId.next();
      try (Subscription stream = node.streams.open(who, ALL, -1)) {
        node.append(org, new JournalEntry("a", "b", "c", agent, Json.object().put("n", 1)));
        Item.Entry item = (Item.Entry) stream.next(LONG).getFirst();

        JournalRecord stored =
            node.journal.after(org, item.record().seq() - 1, 1).getFirst();
        assertThat(item.record()).isEqualTo(stored);
        assertThat(new String(item.json(), UTF_8)).isEqualTo(Json.write(JournalJson.of(stored)));
        assertThat(JournalJson.of(stored).path("agent").asText()).isEqualTo(agent.value());
      }
    }
  }
}
