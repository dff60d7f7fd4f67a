package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.activation.Wait;
import dev.rookery.activation.Waits;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits outlive nodes, and of several nodes one serves each. */
@BothEngines
final class WaitsIT {
  private static final String AMBIENT = "{'name':'ambient','trigger':'ambient'}";
  private static final Actor ADA = new Actor(Actor.Kind.PERSON, "42", "Ada", 0);

  private final TestDatabase db;
  private final Colony colony;
  private final Agent rook;
  private final Room room;

  WaitsIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Room.SCRIPT);
    this.rook = colony.agent("rook");
    this.room = new Room(colony);
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private Waits waits() {
    return colony.house().activations.waits();
  }

  private List<Wait> claimByHand() {
    return waits().claim(100, Duration.ofSeconds(30)).stream()
        .filter(wait -> wait.org().equals(colony.org()))
        .toList();
  }

  @Test
  void a_wait_goes_on_after_a_restart() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching();
    EventId first = room.said("the disk broke");
    EventId line = room.said("what now?");
    colony.stop();
    db.clock().advance(Duration.ofMinutes(5));

    colony.dispatching();

    assertThat(room.told(line, ambient)).isEqualTo("woke relevant");
    assertThat(room.told(first, ambient)).isEqualTo("merged superseded");
    assertThat(room.decisions(line, ambient)).hasSize(1);
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void a_node_that_stops_while_the_gate_is_asked_leaves_the_question_to_the_next() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching(
        _ -> List.of(), new Dispatch.Limits(QueueLimits.DEFAULT, Duration.ofMinutes(1)));
    EventId line = room.said("slowly, please");
    db.clock().advance(Duration.ofSeconds(8));
    colony.until("the gate is asked", () -> room.waits().getFirst().progress().asking());
    colony.stop();

    assertThat(room.decisions(line, ambient)).isEmpty();
    assertThat(room.waits())
        .singleElement()
        .satisfies(
            wait -> {
              assertThat(wait.progress().asking()).isFalse();
              assertThat(wait.progress().attempts()).isEqualTo(1);
            });

    colony.dispatching(
        _ -> List.of(), new Dispatch.Limits(QueueLimits.DEFAULT, Duration.ofMillis(50)));
    assertThat(room.told(line, ambient)).isEqualTo("gated gate-timeout");
    assertThat(room.asked())
        .singleElement()
        .satisfies(entry -> assertThat(entry.data().path("attempt").asInt()).isEqualTo(2));
  }

  @Test
  void of_a_node_that_was_killed_while_asking_another_takes_over_and_wakes_once() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching();
    EventId line = room.said("who can help?");
    colony.stop();
    db.clock().advance(Duration.ofSeconds(8));
    Wait dead = claimByHand().getFirst();
    Wait asking = colony.database().write(colony.org(), tx -> waits().asking(tx, dead));
    assertThat(claimByHand()).isEmpty();

    db.clock().advance(Duration.ofSeconds(30));
    colony.dispatching();

    assertThat(room.told(line, ambient)).isEqualTo("woke relevant");
    Optional<Wait> held = colony.database().write(colony.org(), tx -> waits().held(tx, asking));
    assertThat(held).isEmpty();
    assertThat(room.waits()).isEmpty();
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void an_answer_to_a_question_that_a_newer_line_made_void_is_not_heard() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching();
    EventId old = room.said("who can help?");
    colony.stop();
    db.clock().advance(Duration.ofSeconds(8));
    Wait taken = claimByHand().getFirst();
    var _ = colony.database().write(colony.org(), tx -> waits().asking(tx, taken));

    colony.dispatching();
    EventId newer = room.said("never mind");

    assertThat(room.told(old, ambient)).isEqualTo("merged superseded");
    db.clock().advance(Duration.ofSeconds(60));
    assertThat(room.told(newer, ambient)).isEqualTo("gated pass");
    colony.until("nothing is left of either", () -> noRows());
    assertThat(colony.runs()).isEmpty();
  }

  private boolean noRows() {
    return colony
            .database()
            .read(
                colony.org(),
                tx ->
                    tx.handle()
                        .createQuery("SELECT COUNT(*) FROM activation_wait WHERE org_id = :org")
                        .bind("org", colony.org().value())
                        .mapTo(Integer.class)
                        .one())
        == 0;
  }

  @Test
  void two_nodes_serve_each_wait_once() {
    PolicyId gated = room.policy(rook, "{'name':'a','trigger':'always','gate':'relevance'}");
    colony.dispatching();
    colony.dispatching();

    List<EventId> lines =
        IntStream.range(0, 40)
            .mapToObj(i -> room.say("room-" + i, ADA, "message", "who is number " + i + "?"))
            .toList();

    lines.forEach(line -> assertThat(room.told(line, gated)).isEqualTo("woke relevant"));
    lines.forEach(line -> assertThat(room.decisions(line, gated)).hasSize(1));
    assertThat(colony.runs()).hasSize(40);
    assertThat(room.asked()).hasSize(40);
  }

  @Test
  void two_nodes_keep_a_burst_together_however_it_is_dispatched() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching();
    colony.dispatching();

    List<EventId> lines =
        IntStream.range(0, 15).mapToObj(i -> room.say("line " + i + "?")).toList();
    lines.forEach(room::dispatched);
    assertThat(room.waits()).hasSize(1);
    db.clock().advance(Duration.ofSeconds(8));

    colony.until("a run is there", () -> !colony.runs().isEmpty());
    lines.forEach(line -> assertThat(room.decided(line, ambient).run()).isNotNull());
    assertThat(colony.runs()).hasSize(1);
    assertThat(room.heardBy(colony.runs().getFirst().id()))
        .containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void a_dead_letter_that_is_replayed_waits_like_any_other_line() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    AtomicBoolean poisonous = new AtomicBoolean(true);
    colony.dispatching(
        _ -> {
          if (poisonous.get()) {
            throw new IllegalStateException("poison");
          }
          return List.of("file disk.log");
        });
    EventId line = room.sayWithFile("what does this log say?");
    colony.until(
        "it is a dead letter",
        () -> {
          db.clock().advance(Duration.ofSeconds(40));
          room.said("lunch");
          return colony.house().events.deadLetters(colony.org()) == 1;
        });
    assertThat(room.decisions(line, ambient)).isEmpty();

    poisonous.set(false);
    colony.house().events.replay(colony.org(), line, "ada");
    room.dispatched(line);
    assertThat(room.decisions(line, ambient)).isEmpty();
    db.clock().advance(Duration.ofSeconds(8));

    assertThat(room.told(line, ambient)).isEqualTo("woke relevant");
    assertThat(room.decisions(line, ambient)).hasSize(1);
  }

  @Test
  void another_organization_sees_no_wait_of_ours() {
    room.policy(rook, AMBIENT);
    colony.dispatching();
    room.said("what now?");

    assertThat(room.waits()).hasSize(1);
    assertThat(waits().open(colony.newOrg(), 10)).isEmpty();
  }

  @Test
  void what_always_breaks_is_decided_as_an_error_in_the_end() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    colony.dispatching();
    EventId line = room.said("who can help?");
    colony
        .database()
        .<Integer>write(
            colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "UPDATE activation_policy SET definition = '{}' WHERE id = ?",
                        ambient.value()));

    colony.until(
        "it is given up",
        () -> {
          db.clock().advance(Duration.ofSeconds(40));
          return !room.decisions(line, ambient).isEmpty();
        });

    assertThat(room.told(line, ambient)).isEqualTo("error gate-broken");
    assertThat(room.waits()).isEmpty();
  }
}
