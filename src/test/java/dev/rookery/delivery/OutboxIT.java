package dev.rookery.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.delivery.Deliveries.Resolution;
import dev.rookery.delivery.Delivery.State;
import dev.rookery.delivery.Sender.Found;
import dev.rookery.delivery.Sender.Receipt;
import dev.rookery.inbox.Inbound;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of messages on their way out (DESIGN §4, effect). */
@BothEngines
final class OutboxIT {
  private final TestDatabase db;
  private final FakeSender sender = new FakeSender();
  private final Senders senders = new Senders(List.of(sender));
  private final Colony colony;
  private final Outbox outbox;
  private final Deliveries deliveries;
  private final Integration integration;

  OutboxIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Colony.ECHO);
    this.outbox = new Outbox(colony.house().conversations, senders, colony.house().journal);
    this.deliveries = colony.house().deliveries;
    this.integration =
        colony
            .house()
            .integrations
            .create(
                colony.org(),
                new NewIntegration("fake", "fake", Json.object(), Map.of(), List.of()));
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private DeliveryLoop serve() {
    DeliveryLoop loop =
        colony.keep(
            deliveries.serve(
                new Deliveries.Serving(
                    NodeId.next(),
                    colony.house().integrations,
                    colony.house().conversations,
                    senders,
                    colony.house().artifacts)));
    outbox.onQueued(loop::wake);
    return loop;
  }

  private void say(String place, String key, String markdown) {
    Inbound inbound =
        new Inbound(
            new Inbound.Origin("fake:" + integration.id(), integration.id(), null),
            "message",
            key,
            new Inbound.Place(place, null, "at " + place, place, true),
            new Inbound.Actor(Inbound.Actor.Kind.PERSON, "p", "Ada", 0),
            Instant.EPOCH,
            new Inbound.Content("hello", true, null, List.of()),
            Json.object());
    db.database()
        .write(
            colony.org(),
            tx -> {
              colony.house().conversations.note(tx, colony.org(), inbound);
              outbox.say(
                  tx, colony.org(), new Outbox.Said(place, null, place + key, markdown, null));
              return key;
            });
  }

  private List<Delivery> all() {
    return deliveries.list(colony.org(), new Deliveries.Query(null, null, null, null, 1_000));
  }

  private Delivery only() {
    assertThat(all()).hasSize(1);
    return all().getFirst();
  }

  private void untilAll(State state) {
    colony.until(
        "all are " + state, () -> all().stream().allMatch(d -> d.progress().state() == state));
  }

  @Test
  void messages_of_a_place_arrive_in_order_one_at_a_time_and_places_side_by_side() {
    serve();
    serve();
    for (int i = 0; i < 10; i++) {
      for (int place = 0; place < 8; place++) {
        say("p" + place, "k" + i, "m" + i);
      }
    }

    untilAll(State.SENT);

    List<String> inOrder = IntStream.range(0, 10).mapToObj(i -> "m" + i).toList();
    for (int place = 0; place < 8; place++) {
      assertThat(sender.at("at p" + place)).isEqualTo(inOrder);
    }
    assertThat(sender.most()).isEqualTo(1);
    assertThat(all()).allMatch(d -> String.valueOf(d.progress().remoteId()).startsWith("r-"));
  }

  @Test
  void a_place_that_asks_to_wait_is_left_alone_so_long_and_others_are_not_held_up() {
    AtomicInteger refusals = new AtomicInteger();
    sender.answer =
        m ->
            m.address().equals("at slow") && refusals.getAndIncrement() == 0
                ? new Receipt.Retry(Duration.ofSeconds(30), "too many")
                : new Receipt.Sent("ok");
    say("slow", "1", "first");
    say("slow", "2", "second");
    say("other", "1", "elsewhere");
    serve();
    colony.until("the other arrived", () -> sender.at("at other").size() == 1);
    colony.until("the first was refused", () -> kinds().contains("delivery.delayed"));

    db.clock().advance(Duration.ofMillis(29_900));
    say("other", "2", "again");
    colony.until("a round went by", () -> sender.at("at other").size() == 2);
    assertThat(sender.at("at slow")).containsExactly("first");

    db.clock().advance(Duration.ofMillis(400));
    untilAll(State.SENT);
    assertThat(sender.at("at slow")).containsExactly("first", "first", "second");
  }

  private List<String> kinds() {
    return colony.journal().stream().map(r -> r.entry().kind()).toList();
  }

  @Test
  void a_place_that_moved_gets_this_and_all_later_messages_at_its_new_address() {
    sender.answer =
        m -> m.address().equals("at old") ? new Receipt.Moved("at new") : new Receipt.Sent("ok");
    say("old", "1", "first");
    say("old", "2", "second");
    serve();
    untilAll(State.SENT);
    say("old", "3", "third");
    untilAll(State.SENT);

    assertThat(sender.at("at old")).containsExactly("first");
    assertThat(sender.at("at new")).containsExactly("first", "second", "third");
  }

  @Test
  void what_will_never_arrive_fails_with_its_cause_and_the_next_goes_on() {
    sender.answer =
        m ->
            m.markdown().equals("bad")
                ? new Receipt.Failed("bot_blocked", "blocked by the user")
                : new Receipt.Sent("ok");
    say("p", "1", "bad");
    say("p", "2", "good");
    serve();

    colony.until("the second arrived", () -> sender.at("at p").size() == 2);
    colony.until("it failed", () -> count(State.FAILED) == 1 && count(State.SENT) == 1);
    assertThat(all().getLast().progress().error()).isEqualTo("bot_blocked: blocked by the user");
    assertThat(sender.at("at p")).containsExactly("bad", "good");
  }

  private long count(State state) {
    return all().stream().filter(d -> d.progress().state() == state).count();
  }

  @Test
  void what_may_have_arrived_is_held_and_not_repeated_by_another_node_either() {
    sender.answer = _ -> new Receipt.Unknown("no answer");
    say("p", "1", "careful");
    DeliveryLoop first = serve();
    untilAll(State.UNKNOWN);
    first.close();

    sender.answer = _ -> new Receipt.Sent("ok");
    db.clock().advance(Duration.ofHours(1));
    serve();
    say("p", "2", "next");

    colony.until("the next one went on", () -> count(State.SENT) == 1);
    assertThat(sender.at("at p")).containsExactly("careful", "next");
    assertThat(count(State.UNKNOWN)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"HAPPENED, SENT, 1", "SKIP, FAILED, 1", "RETRY, SENT, 2"})
  void a_person_decides_about_what_is_unknown(Resolution resolution, State state, int attempts) {
    sender.answer = _ -> new Receipt.Unknown("no answer");
    say("p", "1", "careful");
    serve();
    untilAll(State.UNKNOWN);
    sender.answer = _ -> new Receipt.Sent("ok");
    DeliveryId id = only().id();

    deliveries.resolve(colony.org(), id, resolution, "ada");

    untilAll(state);
    assertThat(sender.attempts()).isEqualTo(attempts);
    assertThat(kinds()).contains("delivery.resolved");
  }

  @ParameterizedTest
  @EnumSource(Resolution.class)
  void only_what_is_unknown_is_decided(Resolution resolution) {
    say("p", "1", "fine");
    DeliveryId id = only().id();
    assertRefused(id, resolution, "not-unknown");
    serve();
    untilAll(State.SENT);

    assertRefused(id, resolution, "not-unknown");
    assertRefused(DeliveryId.next(), resolution, "delivery-not-found");
    assertThat(sender.attempts()).isEqualTo(1);
  }

  private void assertRefused(DeliveryId id, Resolution resolution, String code) {
    assertThatThrownBy(() -> deliveries.resolve(colony.org(), id, resolution, "ada"))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code));
  }

  @Test
  void a_channel_that_can_look_is_asked_before_a_person_is() {
    sender.answer = _ -> new Receipt.Unknown("no answer");
    sender.found = new Found.Arrived("r-77");
    say("p", "1", "careful");
    serve();
    untilAll(State.SENT);

    assertThat(only().progress().remoteId()).isEqualTo("r-77");
    assertThat(sender.attempts()).isEqualTo(1);
  }

  @Test
  void what_was_under_way_on_a_node_that_vanished_is_unknown_and_its_late_answer_counts() {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    sender.answer =
        _ -> {
          sending.countDown();
          Together.await(answer);
          return new Receipt.Sent("late");
        };
    say("p", "1", "careful");
    serve();
    Together.await(sending);

    db.clock().advance(Duration.ofSeconds(91));
    serve();
    untilAll(State.UNKNOWN);
    answer.countDown();

    untilAll(State.SENT);
    assertThat(only().progress().remoteId()).isEqualTo("late");
    assertThat(sender.attempts()).isEqualTo(1);
  }

  @Test
  void an_adapter_that_breaks_is_not_taken_for_one_that_did_nothing() {
    sender.answer =
        _ -> {
          throw new IllegalStateException("bug");
        };
    say("p", "1", "careful");
    serve();

    untilAll(State.UNKNOWN);
    assertThat(only().progress().error()).contains("IllegalStateException");
  }

  @Test
  void a_disabled_integration_sends_nothing_and_says_why() {
    colony.house().integrations.setEnabled(colony.org(), integration.id(), false);
    say("p", "1", "careful");
    serve();

    untilAll(State.FAILED);
    assertThat(only().progress().error()).startsWith("integration-off");
    assertThat(sender.attempts()).isZero();
  }

  @Test
  void the_same_words_said_again_are_said_once_part_by_part_and_in_order() {
    say("p", "1", "one|two|three");
    say("p", "1", "one|two|three");
    serve();
    untilAll(State.SENT);
    say("p", "1", "one|two|three");

    assertThat(all()).hasSize(3);
    assertThat(sender.at("at p")).containsExactly("one", "two", "three");
  }
}
