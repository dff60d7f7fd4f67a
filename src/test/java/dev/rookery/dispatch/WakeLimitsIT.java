package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The trigger event, and what keeps policies from waking too often, too much, or anywhere. */
@BothEngines
final class WakeLimitsIT {
  private static final Actor ADA = new Actor(Actor.Kind.PERSON, "42", "Ada", 0);

  private final TestDatabase db;
  private final Colony colony;
  private final Agent rook;
  private final Room room;

  WakeLimitsIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Colony.ECHO);
    this.rook = colony.agent("rook");
    this.room = new Room(colony);
  }

  @AfterEach
  void close() {
    colony.close();
  }

  @Test
  void the_trigger_event_wakes_on_whatever_its_filter_accepts() {
    colony.dispatching();
    PolicyId deploys =
        room.policy(
            rook,
            "{'name':'e','trigger':'event','filter':{'field':'type','op':'eq','value':'deploy'}}");

    EventId deploy = room.say("ops", ADA, "deploy", "failed");
    EventId line = room.say("ops", ADA, "message", "deploy");

    assertThat(room.told(deploy, deploys)).isEqualTo("woke event");
    assertThat(room.told(line, deploys)).isEqualTo("skipped filter");
  }

  @Test
  void the_trigger_event_needs_a_filter_and_words_for_a_gate_need_one() {
    assertThat(refused("{'name':'e','trigger':'event'}")).isEqualTo("filter-required");
    assertThat(refused("{'name':'m','trigger':'mention','config':{'about':'backups'}}"))
        .isEqualTo("gate-required");
    assertThat(refused("{'name':'m','trigger':'always','config':{'exclusive':true}}"))
        .isEqualTo("gate-required");
    assertThat(
            room.policy(
                rook,
                "{'name':'m','trigger':'always','gate':'relevance','config':{'about':'backups'}}"))
        .isNotNull();
  }

  private String refused(String json) {
    return catchThrowableOfType(Refusal.class, () -> room.policy(rook, json)).code();
  }

  @Test
  void a_cooldown_counts_lines_of_the_conversation() {
    colony.dispatching();
    PolicyId always = room.policy(rook, "{'name':'a','trigger':'always','cooldown_messages':2}");

    assertThat(room.told(room.said("one"), always)).isEqualTo("woke always");
    assertThat(room.told(room.said("two"), always)).isEqualTo("throttled cooldown-messages");
    EventId elsewhere = room.dispatched(room.say("elsewhere", ADA, "message", "hello"));
    assertThat(room.told(elsewhere, always)).isEqualTo("woke always");
    assertThat(room.told(room.said("three"), always)).isEqualTo("throttled cooldown-messages");
    EventId four = room.said("four");
    assertThat(room.told(four, always)).isIn("woke always", "merged always", "steered always");
  }

  @Test
  void a_policy_wakes_no_more_often_than_its_rate_whatever_the_nodes_do() {
    colony.dispatching();
    colony.dispatching();
    PolicyId always =
        room.policy(
            rook, "{'name':'a','trigger':'always','rate':{'max_wakes':3,'window_ms':60000}}");

    List<EventId> lines =
        IntStream.range(0, 12).mapToObj(i -> room.say("room-" + i, ADA, "message", "x")).toList();
    List<String> told = lines.stream().map(line -> room.told(line, always)).toList();

    assertThat(told).filteredOn("woke always"::equals).hasSize(3);
    assertThat(told).filteredOn("throttled rate"::equals).hasSize(9);
    db.clock().advance(Duration.ofMinutes(1));
    assertThat(room.told(room.say("later", ADA, "message", "x"), always)).isEqualTo("woke always");
  }

  @Test
  void a_full_queue_takes_no_new_runs_and_still_lines_for_those_that_are_there() {
    colony.dispatching(
        _ -> List.of(), new Dispatch.Limits(new QueueLimits(2, 3), Duration.ofSeconds(1)));
    PolicyId always = room.policy(rook, "{'name':'a','trigger':'always'}");
    PolicyId theirs = room.policy(colony.agent("crow"), "{'name':'a','trigger':'always'}");

    EventId first = room.dispatched(room.say("one", ADA, "message", "x"));
    EventId second = room.dispatched(room.say("two", ADA, "message", "x"));

    assertThat(room.told(first, always)).isEqualTo("woke always");
    assertThat(room.told(second, always)).isEqualTo("woke always");
    EventId third = room.dispatched(room.say("three", ADA, "message", "x"));
    assertThat(room.told(third, always)).isEqualTo("no_capacity queue-full");
    assertThat(room.told(third, theirs)).isEqualTo("no_capacity queue-full");
    EventId more = room.dispatched(room.say("one", ADA, "message", "and y"));
    assertThat(room.told(more, always)).isEqualTo("merged always");
  }

  @Test
  void who_is_named_in_a_place_that_it_may_not_read_is_denied() {
    Room closed = new Room(colony, colony.agent("crow"));
    PolicyId mention = room.policy(rook, "{'name':'m','trigger':'mention'}");
    colony.dispatching();

    EventId named = closed.said("@rook and @crow, look");
    EventId other = closed.said("hello");

    assertThat(closed.told(named, mention)).isEqualTo("denied not-readable");
    assertThat(closed.decisions(other, mention)).isEmpty();
    assertThat(colony.runs()).hasSize(1);
  }
}
