package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.Limits;
import dev.rookery.spend.Money;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Price;
import dev.rookery.spend.PriceTag;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Summary;
import dev.rookery.spend.Window;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ambient policies and relevance gates (spec 01): who waits, who is asked, who answers. */
@BothEngines
final class GatesIT {
  private static final String AMBIENT = "{'name':'ambient','trigger':'ambient'}";
  private static final Duration DELAY = Duration.ofSeconds(8);

  private final TestDatabase db;
  private final Colony colony;
  private final Agent rook;
  private final Room room;

  GatesIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Room.SCRIPT);
    this.rook = colony.agent("rook");
    this.room = new Room(colony);
    colony.dispatching(
        _ -> List.of(), new Dispatch.Limits(QueueLimits.DEFAULT, Duration.ofSeconds(1)));
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private void quiet() {
    db.clock().advance(DELAY);
  }

  @Test
  void what_concerns_the_agent_wakes_it_when_the_room_is_quiet() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId line = room.said("how do backups work?");
    assertThat(room.waits()).hasSize(1);
    assertThat(room.decisions(line, ambient)).isEmpty();
    quiet();

    Activation woke = room.decided(line, ambient);

    assertThat(woke.decision()).isEqualTo("woke");
    assertThat(woke.reason().code()).isEqualTo("relevant");
    assertThat(woke.reason().sentence())
        .startsWith("@rook overheard it. The gate says respond: \"A question about backups\".");
    assertThat(colony.runs()).extracting(run -> run.id()).containsExactly(woke.run());
    assertThat(room.waits()).isEmpty();
    assertThat(room.asked())
        .singleElement()
        .satisfies(entry -> assertThat(entry.data().path("answer").asText()).isEqualTo("respond"));
  }

  @Test
  void small_talk_wakes_nobody_and_the_reason_is_kept() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId line = room.said("lunch was good");
    quiet();

    Activation gated = room.decided(line, ambient);

    assertThat(gated.decision()).isEqualTo("gated");
    assertThat(gated.reason().code()).isEqualTo("pass");
    assertThat(gated.reason().sentence()).isEqualTo("The gate says pass: \"Small talk\".");
    assertThat(colony.runs()).isEmpty();
  }

  @Test
  void each_new_line_begins_the_wait_anew_and_all_of_them_reach_the_run() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId first = room.said("the disk broke");
    db.clock().advance(Duration.ofSeconds(7));
    EventId second = room.said("and the other one too");
    db.clock().advance(Duration.ofSeconds(7));
    EventId third = room.said("can we restore it?");
    assertThat(room.waits()).singleElement().satisfies(w -> assertThat(w.lines()).hasSize(3));
    assertThat(room.asked()).isEmpty();
    quiet();

    RunId run = Objects.requireNonNull(room.decided(third, ambient).run());

    assertThat(room.told(third, ambient)).isEqualTo("woke relevant");
    assertThat(room.told(first, ambient)).isEqualTo("merged superseded");
    assertThat(room.told(second, ambient)).isEqualTo("merged superseded");
    assertThat(room.decided(first, ambient).run()).isEqualTo(run);
    assertThat(room.heardBy(run)).containsExactly(first, second, third);
    assertThat(room.asked()).hasSize(1);
  }

  @Test
  void a_mention_in_between_wakes_at_once_and_ends_the_wait() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId overheard = room.said("the disk broke");
    EventId mention = room.said("@rook can you look?");

    RunId run = colony.runOf(mention);

    assertThat(room.told(overheard, ambient)).isEqualTo("merged woke-meanwhile");
    assertThat(room.told(mention, ambient)).isEqualTo("merged another-policy");
    assertThat(room.decided(overheard, ambient).run()).isEqualTo(run);
    assertThat(room.heardBy(run)).containsExactly(overheard, mention);
    assertThat(room.waits()).isEmpty();
    quiet();
    assertThat(room.asked()).isEmpty();
  }

  @Test
  void a_line_of_a_bot_joins_the_wait_and_does_not_prolong_it() {
    PolicyId ambient =
        room.policy(rook, "{'name':'a','trigger':'ambient','config':{'allow_bots':true}}");
    EventId line = room.said("the disk broke");
    long due = room.waits().getFirst().dueAt();
    db.clock().advance(Duration.ofSeconds(5));
    EventId bot =
        room.dispatched(
            room.say("room", new Actor(Actor.Kind.BOT, "b", "Bot", 0), "message", "disk 2?"));

    assertThat(room.waits()).singleElement().satisfies(w -> assertThat(w.dueAt()).isEqualTo(due));
    db.clock().advance(Duration.ofSeconds(3));

    assertThat(room.told(bot, ambient)).isEqualTo("woke relevant");
    assertThat(room.told(line, ambient)).isEqualTo("merged superseded");
  }

  @Test
  void a_line_that_the_policy_does_not_want_still_restarts_its_wait() {
    PolicyId ambient =
        room.policy(
            rook,
            "{'name':'a','trigger':'ambient','filter':{'field':'text','op':'contains','value':'disk'}}");
    EventId line = room.said("is the disk full?");
    long due = room.waits().getFirst().dueAt();
    db.clock().advance(Duration.ofSeconds(5));
    EventId other = room.said("lunch");

    assertThat(room.told(other, ambient)).isEqualTo("skipped filter");
    assertThat(room.waits())
        .singleElement()
        .satisfies(w -> assertThat(w.dueAt()).isEqualTo(due + 5_000));
    quiet();
    assertThat(room.told(line, ambient)).isEqualTo("woke relevant");
  }

  @Test
  void what_is_no_answer_is_a_pass_that_says_why() {
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId broken = room.said("a broken answer?");
    quiet();
    assertThat(room.told(broken, ambient)).isEqualTo("gated gate-unreadable");

    EventId down = inAnotherRoom("down", "is it down?");
    quiet();
    assertThat(room.told(down, ambient)).isEqualTo("gated gate-failed");

    EventId slow = inAnotherRoom("slow", "slowly now?");
    quiet();
    assertThat(room.told(slow, ambient)).isEqualTo("gated gate-timeout");
    assertThat(colony.runs()).isEmpty();
  }

  private EventId inAnotherRoom(String conversation, String text) {
    return room.dispatched(
        room.say(conversation, new Actor(Actor.Kind.PERSON, "7", "Bob", 0), "message", text));
  }

  @Test
  void without_money_it_is_a_pass_and_with_it_the_question_is_booked() {
    var spend = colony.house().spend;
    var _ =
        spend
            .prices()
            .set(
                colony.org(),
                new PriceTag("scripted", new Price.PerToken(Money.ZERO, Money.parse("10.00"))));
    PolicyId ambient = room.policy(rook, AMBIENT);
    EventId paid = room.said("a question?");
    quiet();
    assertThat(room.told(paid, ambient)).isEqualTo("woke relevant");
    Summary summary = spend.summary(colony.org(), Summary.Filter.ALL, Summary.By.AGENT);
    assertThat(summary.total().spent().isZero()).isFalse();

    spend
        .budgets()
        .create(
            colony.org(),
            new NewBudget(
                new Scope.Organization(), Window.TOTAL, new Limits(null, Money.parse("0.000001"))));
    EventId poor = inAnotherRoom("poor", "another question?");
    quiet();
    assertThat(room.told(poor, ambient)).isEqualTo("gated gate-no-money");
    assertThat(room.decided(poor, ambient).reason().sentence()).contains("budget");
  }

  @Test
  void without_a_model_it_is_a_pass() throws Exception {
    Path script = Files.createTempFile("script", ".yaml");
    Files.writeString(script, Room.SCRIPT);
    try (Colony other =
        new Colony(
            db.database(),
            Map.of("ROOKERY_SCRIPT", script.toString(), "ROOKERY_GATE_MODEL", "anthropic"))) {
      colony.stop();
      other.dispatching();
      Agent crow = other.agent("crow");
      Room there = new Room(other);
      PolicyId ambient = there.policy(crow, AMBIENT);
      EventId line = there.said("a question?");
      quiet();

      assertThat(there.told(line, ambient)).isEqualTo("gated gate-no-model");
      assertThat(there.decided(line, ambient).reason().sentence()).contains("ANTHROPIC_API_KEY");
    }
    Files.delete(script);
  }

  @Test
  void the_first_exclusive_answer_claims_the_line() {
    String exclusive = "{'name':'a','trigger':'ambient','config':{'exclusive':true}}";
    PolicyId ours = room.policy(rook, exclusive);
    PolicyId theirs = room.policy(colony.agent("crow"), exclusive);
    PolicyId third = room.policy(colony.agent("jay"), exclusive);
    EventId line = room.said("who can help?");
    quiet();

    assertThat(List.of(room.told(line, ours), room.told(line, theirs), room.told(line, third)))
        .containsExactlyInAnyOrder("woke relevant", "gated claimed", "gated claimed");
    assertThat(colony.runs()).hasSize(1);
  }

  @Test
  void a_gate_on_another_trigger_is_asked_at_once_and_not_for_who_is_mentioned() {
    PolicyId always = room.policy(rook, "{'name':'a','trigger':'always','gate':'relevance'}");

    assertThat(room.told(room.said("lunch"), always)).isEqualTo("gated pass");
    EventId question = room.said("who knows?");
    assertThat(room.told(question, always)).isEqualTo("woke relevant");
    EventId mention = room.said("@rook lunch");
    assertThat(room.told(mention, always)).isEqualTo("merged another-policy");
    assertThat(room.asked()).hasSize(2);
  }

  @Test
  void what_happens_to_the_policy_while_it_waits_counts() {
    PolicyId paused = room.policy(rook, AMBIENT);
    PolicyId removed = room.policy(colony.agent("crow"), AMBIENT);
    EventId line = room.said("a question?");
    colony
        .house()
        .activations
        .change(colony.org(), paused, policy -> standing(policy, new Pause(null, "holidays")));
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony.house().activations.remove(tx, colony.org(), removed);
              return removed;
            });
    quiet();

    assertThat(room.told(line, paused)).isEqualTo("paused paused");
    assertThat(room.told(line, removed)).isEqualTo("skipped policy-removed");
    assertThat(room.asked()).isEmpty();
  }

  private static ActivationPolicy standing(ActivationPolicy p, Pause pause) {
    return p.with(new Standing(true, pause));
  }
}
