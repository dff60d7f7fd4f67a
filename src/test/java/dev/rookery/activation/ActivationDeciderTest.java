package dev.rookery.activation;

import static dev.rookery.activation.Given.NOW;
import static dev.rookery.activation.Given.agent;
import static dev.rookery.activation.Given.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.Given.What;
import dev.rookery.activation.Given.Who;
import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.kernel.AgentId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationDeciderTest {
  private final Who rook = agent("rook", Trigger.MENTION);
  private final Who crow = agent("crow", Trigger.MENTION).byDefault();
  private final Who always = agent("heron", Trigger.ALWAYS);
  private final Who manual = agent("owl", Trigger.MANUAL);

  @Test
  void a_named_agent_wakes_and_the_default_addressee_does_not() {
    assertThat(told(message("@Rook, please look").addressed(), rook, crow))
        .containsExactly("woke named", "skipped another-named");
  }

  @Test
  void several_agents_may_be_named() {
    assertThat(told(message("@rook and @crow"), rook, crow))
        .containsExactly("woke named", "woke named");
  }

  @Test
  void who_is_addressed_without_a_name_is_the_default_addressee() {
    assertThat(told(message("hello").addressed(), rook, crow))
        .containsExactly("skipped not-default", "woke addressed");
    assertThat(told(message("hello").direct(), rook, crow))
        .containsExactly("skipped not-default", "woke addressed");
  }

  @Test
  void a_line_that_addresses_nobody_wakes_nobody_by_mention() {
    assertThat(told(message("lunch?"), rook, crow))
        .containsExactly("skipped not-addressed", "skipped not-addressed");
  }

  @Test
  void a_name_that_is_no_agent_here_leaves_the_default_addressee_in_charge() {
    assertThat(told(message("@someone hello").addressed(), crow)).containsExactly("woke addressed");
    assertThat(told(message("@rook hello").addressed(), rook.mayNotRead(), crow))
        .containsExactly("denied not-readable", "woke addressed");
  }

  @Test
  void nobody_answers_in_place_of_a_disabled_agent() {
    assertThat(told(message("@rook hello").addressed(), rook.disabled(), crow))
        .containsExactly("skipped agent-disabled", "skipped another-named");
  }

  @Test
  void a_direct_call_is_for_its_target_and_for_whom_it_names() {
    What call = message("hello @heron").direct().to(rook.id());
    Who heron = agent("heron", Trigger.MENTION);
    assertThat(told(call, rook, crow, heron))
        .containsExactly("woke target", "skipped other-target", "woke named");
    assertThat(told(message("hello").to(rook.id()), always))
        .containsExactly("skipped other-target");
  }

  @Test
  void own_messages_wake_nobody() {
    assertThat(told(message("@rook @owl").by(Kind.SELF, "bot", 0).to(manual.id()), rook, manual))
        .containsExactly("skipped own-message", "skipped own-message");
    assertThat(told(message("@rook").by(Kind.AGENT, rook.id().value(), 1), rook))
        .containsExactly("skipped own-message");
  }

  @Test
  void a_bot_wakes_only_who_allows_bots() {
    What bot = message("@rook").by(Kind.BOT, "b", 0);
    assertThat(told(bot, rook)).containsExactly("skipped bot");
    assertThat(told(bot, rook.config(true, false))).containsExactly("woke named");
  }

  @Test
  void agents_answer_agents_eight_deep_and_no_deeper() {
    String other = AgentId.next().value();
    assertThat(told(message("@rook").by(Kind.AGENT, other, 8), rook)).containsExactly("woke named");
    assertThat(told(message("@rook").by(Kind.AGENT, other, 9), rook))
        .containsExactly("skipped depth");
  }

  @Test
  void the_disabled_the_paused_and_the_denied_each_say_so() {
    What call = message("@rook");
    Pause holidays = new Pause(NOW.plusSeconds(1), "holidays");
    assertThat(told(call, rook.disabled())).containsExactly("skipped agent-disabled");
    assertThat(told(call, rook.standing(false, null))).containsExactly("skipped policy-disabled");
    assertThat(told(call, rook.standing(true, holidays))).containsExactly("paused paused");
    assertThat(sentence(call, rook.standing(true, holidays)))
        .isEqualTo("The policy is paused until 2026-11-20T10:00:01Z: holidays.");
    assertThat(told(call, rook.standing(true, new Pause(null, ""))))
        .containsExactly("paused paused");
    assertThat(told(call, rook.standing(true, new Pause(NOW, "over"))))
        .containsExactly("woke named");
    assertThat(told(call, rook.mayNotRead())).containsExactly("denied not-readable");
  }

  @Test
  void paused_and_denied_mean_that_it_would_have_woken() {
    assertThat(told(message("lunch?"), rook.standing(true, new Pause(null, "")).mayNotRead()))
        .containsExactly("skipped not-addressed");
  }

  @Test
  void always_wakes_on_every_message_with_a_cooldown_that_mentions_break() {
    Who rested = always.timing(Mode.STEER, Duration.ofSeconds(60));
    assertThat(told(message("lunch?"), always)).containsExactly("woke always");
    assertThat(told(message("lunch?"), rested)).containsExactly("woke always");
    assertThat(told(message("lunch?"), rested.lastWoke(NOW.minusSeconds(59))))
        .containsExactly("throttled cooldown");
    assertThat(told(message("lunch?"), rested.lastWoke(NOW.minusSeconds(60))))
        .containsExactly("woke always");
    assertThat(told(message("@heron lunch?"), rested.lastWoke(NOW.minusSeconds(59))))
        .containsExactly("woke named");
  }

  @Test
  void a_clock_set_back_prolongs_no_cooldown_beyond_its_length() {
    Who rested = always.timing(Mode.STEER, Duration.ofSeconds(60));
    assertThat(told(message("x"), rested.lastWoke(NOW.plusSeconds(3600))))
        .containsExactly("woke always");
    assertThat(told(message("x"), rested.lastWoke(Instant.MIN), rested.lastWoke(Instant.MAX)))
        .containsExactly("woke always", "merged another-policy");
  }

  @Test
  void a_cooldown_on_mentions_holds_for_mentions() {
    assertThat(
            told(
                message("@rook"),
                rook.timing(Mode.STEER, Duration.ofSeconds(9)).lastWoke(NOW.minusSeconds(8))))
        .containsExactly("throttled cooldown");
  }

  @Test
  void an_edit_wakes_only_who_asked_for_edits() {
    What edit = message("@rook @heron").type("message_edited");
    assertThat(told(edit, rook, always)).containsExactly("skipped edit", "skipped edit");
    assertThat(told(edit, rook.config(false, true), always.config(false, true)))
        .containsExactly("woke named", "woke named");
  }

  @Test
  void a_command_that_nobody_handled_is_like_a_message() {
    assertThat(told(message("/ask @rook").type("command"), rook, always))
        .containsExactly("woke named", "woke always");
  }

  @Test
  void other_events_are_no_entries() {
    assertThat(told(message("@rook").type("webhook"), rook, always, manual))
        .containsExactly("skipped not-an-entry", "skipped not-an-entry", "skipped not-manual");
  }

  @Test
  void a_manual_call_wakes_its_target_by_its_manual_policy() {
    What call = message("go").type("manual");
    assertThat(told(call.to(manual.id()), manual)).containsExactly("woke manual");
    assertThat(told(call.to(rook.id()), manual, rook))
        .containsExactly("skipped other-target", "skipped not-an-entry");
    assertThat(told(call, manual)).containsExactly("skipped no-target");
  }

  @ParameterizedTest
  @EnumSource(
      value = Trigger.class,
      names = {"INTERVAL", "CRON", "DAILY", "ONCE"})
  void a_schedule_is_woken_by_its_own_times_alone(Trigger trigger) {
    assertThat(told(message("@rook"), agent("rook", trigger)))
        .containsExactly("skipped not-a-tick");
    assertThat(told(message("go").type("tick"), agent("rook", trigger)))
        .as("of a person")
        .containsExactly("skipped not-a-tick");
  }

  @ParameterizedTest
  @EnumSource(
      value = Trigger.class,
      names = {"AMBIENT", "EVENT", "WEBHOOK"})
  void a_trigger_that_is_not_served_says_so(Trigger trigger) {
    assertThat(told(message("@rook"), agent("rook", trigger)))
        .containsExactly("skipped trigger-not-served");
  }

  @Test
  void a_gate_that_is_not_served_fails_closed() {
    assertThat(told(message("@rook"), rook.gated())).containsExactly("gated gate-not-served");
  }

  @Test
  void a_policy_reacts_only_in_its_resources() {
    Who limited = rook.only("room-1", "room-2");
    assertThat(told(message("@rook").in("room-2"), limited)).containsExactly("woke named");
    assertThat(told(message("@rook").in("room-3"), limited)).containsExactly("skipped resource");
    assertThat(told(message("@rook").in(null), limited)).containsExactly("skipped resource");
    assertThat(told(message("@rook").in(null), rook)).containsExactly("woke named");
  }

  @Test
  void a_policy_wakes_only_when_its_filter_is_true() {
    Who filtered = rook.filter("{'field':'text','op':'contains','value':'deploy'}");
    assertThat(told(message("@rook deploy"), filtered)).containsExactly("woke named");
    assertThat(told(message("@rook lunch"), filtered)).containsExactly("skipped filter");
  }

  @Test
  void of_two_policies_of_one_agent_mention_goes_before_always() {
    Who older = agent("rook", Trigger.ALWAYS);
    Who younger = older.also(Trigger.MENTION);
    List<Decision> decisions = message("@rook").decide(older, younger);
    assertThat(told(decisions)).containsExactly("merged another-policy", "woke named");
    assertThat(((Decision.MergedWith) decisions.getFirst()).other()).isEqualTo(younger.policyId());
    assertThat(told(message("lunch?"), older, younger))
        .containsExactly("woke always", "skipped not-addressed");
  }

  @Test
  void of_two_equal_policies_of_one_agent_the_oldest_goes_first() {
    Who younger = rook.also(Trigger.MENTION);
    assertThat(told(message("@rook"), younger, rook))
        .containsExactly("merged another-policy", "woke named");
    assertThat(told(message("@rook"), younger, rook.standing(false, null)))
        .containsExactly("woke named", "skipped policy-disabled");
  }

  @Test
  void a_policy_of_another_agent_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Candidate(rook.candidate().policy(), crow.candidate().agent()));
  }

  private static List<String> told(What what, Who... candidates) {
    return told(what.decide(candidates));
  }

  private static List<String> told(List<Decision> decisions) {
    return decisions.stream().map(d -> d.label().spelled() + " " + d.reason().code()).toList();
  }

  private static String sentence(What what, Who candidate) {
    return what.decide(candidate).getFirst().reason().sentence();
  }
}
