package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From an accepted event to stored decisions and runs, and events that cannot be dispatched. */
@BothEngines
final class DispatchIT {
  private final TestDatabase db;
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile boolean poisonous = true;
  private final Colony colony;
  private final Agent rook;

  DispatchIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Colony.ECHO).dispatching(this::fetch);
    this.rook = colony.agent("rook");
    colony.working();
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private List<String> fetch(Event event) {
    attempts.incrementAndGet();
    if (poisonous) {
      throw new IllegalStateException("poison in " + event.id());
    }
    return List.of("file poison.bin");
  }

  private static Inbound message(Actor actor, List<Inbound.Attachment> files) {
    return new Inbound(
        new Inbound.Origin("test", null, null),
        "message",
        Ids.next("key"),
        new Inbound.Place("chat", null, "chat", "chat", true),
        actor,
        Instant.EPOCH,
        new Inbound.Content("hello", true, null, files),
        Json.object());
  }

  private Map<String, Activation> decided(EventId event) {
    colony.until(
        "it is dispatched",
        () ->
            colony
                .house()
                .events
                .find(colony.org(), event)
                .dispatch()
                .state()
                .equals("dispatched"));
    return colony.house().activations.ofEvent(colony.org(), event).stream()
        .collect(Collectors.toMap(a -> policy(a), Function.identity()));
  }

  private static Activation of(Map<String, Activation> decided, String policy) {
    return Objects.requireNonNull(decided.get(policy), policy);
  }

  private String policy(Activation activation) {
    return colony.house().activations.policies(colony.org(), rook.id()).stream()
        .filter(p -> p.id().equals(activation.policy()))
        .findFirst()
        .orElseThrow()
        .name();
  }

  private Activation mention(Actor actor) {
    EventId event = colony.accept(rook, message(actor, List.of())).event();
    return of(decided(event), "mention");
  }

  @Test
  void agents_may_answer_agents_only_so_often() {
    assertThat(mention(new Actor(Actor.Kind.AGENT, "agt_other", "Crow", 8)).decision())
        .isEqualTo("woke");
    Activation loop = mention(new Actor(Actor.Kind.AGENT, "agt_other", "Crow", 9));

    assertThat(loop.decision()).isEqualTo("skipped");
    assertThat(loop.reason().code()).isEqualTo("depth");
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void our_own_messages_and_those_of_bots_wake_nobody() {
    assertThat(mention(new Actor(Actor.Kind.SELF, "me", "Rook", 0)).reason().code())
        .isEqualTo("own-message");
    assertThat(mention(new Actor(Actor.Kind.AGENT, rook.id().value(), "Rook", 1)).reason().code())
        .isEqualTo("own-message");
    assertThat(mention(new Actor(Actor.Kind.BOT, "b", "Bot", 0)).reason().code()).isEqualTo("bot");
    assertThat(colony.runs()).isEmpty();
  }

  @Test
  void two_policies_of_one_agent_make_one_run_and_the_other_is_merged() {
    colony
        .house()
        .activations
        .add(ActivationPolicy.of(colony.org(), rook.id(), "always", Trigger.ALWAYS));

    EventId event =
        colony
            .accept(rook, message(new Actor(Actor.Kind.PERSON, "p", "Ada", 0), List.of()))
            .event();
    Map<String, Activation> decided = decided(event);

    assertThat(of(decided, "mention").decision()).isEqualTo("woke");
    assertThat(of(decided, "always").decision()).isEqualTo("merged");
    assertThat(of(decided, "always").run()).isEqualTo(of(decided, "mention").run());
    assertThat(of(decided, "manual").decision()).isEqualTo("skipped");
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void an_event_that_breaks_dispatch_is_set_aside_and_replayed_by_a_person() {
    Actor person = new Actor(Actor.Kind.PERSON, "p", "Ada", 0);
    Inbound.Attachment file = new Inbound.Attachment("f", "poison.bin", "x/y", 5);
    EventId poison = colony.accept(rook, message(person, List.of(file))).event();

    AtomicInteger others = new AtomicInteger();
    colony.until(
        "it is a dead letter",
        () -> {
          db.clock().advance(Duration.ofSeconds(40));
          colony.accept(rook, message(person, List.of()));
          others.incrementAndGet();
          return state(poison).equals("dead");
        });

    assertThat(attempts).hasValue(5);
    Event dead = colony.house().events.find(colony.org(), poison);
    assertThat(dead.dispatch().error()).contains("IllegalStateException", "poison in " + poison);
    assertThat(colony.journal().stream().filter(r -> r.entry().kind().equals("event.dead")))
        .hasSize(1);
    assertThat(colony.house().events.deadLetters(colony.org())).isEqualTo(1);
    colony.until(
        "the others went on",
        () -> colony.runs().stream().filter(r -> r.status().state() == RunState.DONE).count() > 0);

    poisonous = false;
    colony.house().events.replay(colony.org(), poison, "ada");
    Run run = colony.over(colony.runOf(poison));

    assertThat(run.status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.house().events.deadLetters(colony.org())).isZero();
    assertThatThrownBy(() -> colony.house().events.replay(colony.org(), poison, "ada"))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo("not-dead"));
  }

  private String state(EventId event) {
    return colony.house().events.find(colony.org(), event).dispatch().state();
  }

  @Test
  void what_was_accepted_while_nothing_dispatched_is_dispatched_later_in_order() {
    colony.stop();
    List<EventId> events =
        java.util.stream.IntStream.range(0, 5)
            .mapToObj(i -> colony.tell(rook, "later", "line " + i))
            .toList();
    assertThat(events).extracting(this::state).containsOnly("pending");

    colony.dispatching();
    colony.working();

    events.forEach(event -> colony.over(colony.runOf(event)));
    assertThat(colony.said("later").getLast()).isEqualTo("You said: line 4");
  }
}
