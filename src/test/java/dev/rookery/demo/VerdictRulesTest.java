package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.demo.Findings.Chronicle;
import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.Findings.Door;
import dev.rookery.demo.Findings.Fate;
import dev.rookery.demo.Findings.Steps;
import dev.rookery.demo.Findings.ToolUse;
import dev.rookery.demo.Findings.Unknown;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VerdictRulesTest {
  private static final Fate ANSWERED = new Fate("a question", true, 1, 1, 1, 1, 1);
  private static final Fate REPEATED = new Fate("a repeated one", true, 10, 1, 1, 1, 1);
  private static final Fate CHATTER = new Fate("chatter", false, 1, 1, 0, 0, 0);
  private static final Door DOOR = new Door(9, 9, 401, 0);
  private static final Steps STEPS = new Steps(12, 12, 0, 2);
  private static final ToolUse RESERVED = new ToolUse("reserve_stock", "keyed", 1, 1, 2, 0);
  private static final Chronicle JOURNAL = new Chronicle(90, 0, 0);
  private static final List<Crash> CRASHES = List.of(new Crash(137, 900), new Crash(137, 1100));

  /** All is well, but for what a test puts in. */
  private record Case(List<Fate> fates, Door door, Steps steps, ToolUse tool, Chronicle journal) {
    Case() {
      this(List.of(ANSWERED, REPEATED, CHATTER), DOOR, STEPS, RESERVED, JOURNAL);
    }

    Case with(Fate fate) {
      return new Case(List.of(ANSWERED, fate, CHATTER), door, steps, tool, journal);
    }

    Case with(Door other) {
      return new Case(fates, other, steps, tool, journal);
    }

    Case with(Steps other) {
      return new Case(fates, door, other, tool, journal);
    }

    Case with(ToolUse other) {
      return new Case(fates, door, steps, other, journal);
    }

    Case with(Chronicle other) {
      return new Case(fates, door, steps, tool, other);
    }

    Report report(Unknown unknown, List<Crash> crashes) {
      Findings findings =
          new Findings(
              fates, door, steps, List.of(tool), journal, unknown, crashes, HandsRulesTest.WELL);
      return new Report(
          VerdictRules.judge(findings, 3, 2), Facts.of(HandsRulesTest.WELL), Duration.ofSeconds(7));
    }

    Report report() {
      return report(new Unknown(0, 0), CRASHES);
    }
  }

  private static List<String> deviations(Report report) {
    return report
        .json()
        .path("deviations")
        .valueStream()
        .map(d -> d.path("what").asText() + " " + d.path("expected") + " " + d.path("got"))
        .toList();
  }

  @Test
  void all_is_well_exits_with_0() {
    Report report = new Case().report();

    assertThat(deviations(report)).isEmpty();
    assertThat(report.exitCode()).isZero();
    assertThat(report.json().path("ok").asBoolean()).isTrue();
    assertThat(report.json().path("lost").asInt(-1)).isZero();
    assertThat(report.json().path("repeated_steps").asInt(-1)).isZero();
    assertThat(report.json().path("replies_per_message").asInt()).isEqualTo(1);
    assertThat(report.json().at("/effects/reserve_stock").asInt()).isEqualTo(1);
    assertThat(report.json().path("recovery_ms").asInt()).isEqualTo(1100);
    assertThat(report.json().path("duration_ms").asInt()).isEqualTo(7000);
  }

  @Test
  void an_accepted_message_without_an_event_is_lost() {
    Report report = new Case().with(new Fate("Mary's", true, 1, 0, 0, 0, 0)).report();

    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(deviations(report))
        .contains("lost 0 1", "events 3 2", "runs 2 1", "replies_per_message 1 0");
    assertThat(report.json().at("/deviations/0/detail").asText()).isEqualTo("Mary's");
  }

  @Test
  void an_accepted_message_whose_run_never_finished_is_lost() {
    Report report = new Case().with(new Fate("Mary's", true, 1, 1, 1, 0, 0)).report();

    assertThat(deviations(report)).contains("lost 0 1", "runs_finished 2 1");
  }

  @Test
  void a_message_that_was_refused_is_not_lost_but_missing() {
    Report report = new Case().with(new Fate("Mary's", true, 0, 0, 0, 0, 0)).report();

    assertThat(deviations(report)).contains("accepted_messages 3 2").doesNotContain("lost 0 1");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void two_replies_deviate() {
    Report report = new Case().with(new Fate("Mary's", true, 1, 1, 1, 1, 2)).report();

    assertThat(deviations(report)).containsExactly("replies_per_message 1 2");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void too_many_and_too_few_replies_do_not_make_up_for_each_other() {
    Report report =
        new Case(
                List.of(
                    new Fate("one", true, 1, 1, 1, 1, 0),
                    new Fate("two", true, 10, 1, 1, 1, 2),
                    CHATTER),
                DOOR,
                STEPS,
                RESERVED,
                JOURNAL)
            .report();

    assertThat(deviations(report)).contains("lost 0 1", "replies_per_message 1 0");
  }

  @Test
  void a_second_run_and_an_answer_to_chatter_deviate() {
    Report report = new Case().with(new Fate("Mary's", true, 10, 1, 2, 2, 1)).report();
    Report chatty =
        new Case(
                List.of(ANSWERED, REPEATED, new Fate("chatter", false, 1, 1, 1, 1, 1)),
                DOOR,
                STEPS,
                RESERVED,
                JOURNAL)
            .report();

    assertThat(deviations(report)).containsExactly("runs 2 3", "runs_finished 2 3");
    assertThat(deviations(chatty)).contains("runs 2 3", "unasked_replies 0 1");
  }

  @Test
  void a_doubled_and_a_missing_effect_deviate() {
    Report twice = new Case().with(new ToolUse("book_courier", "unsafe", 1, 2, 2, 0)).report();
    Report never = new Case().with(new ToolUse("add_note", "reconcilable", 1, 0, 0, 0)).report();

    assertThat(deviations(twice)).containsExactly("effects.book_courier 1 2");
    assertThat(deviations(never)).containsExactly("effects.add_note 1 0");
    assertThat(twice.exitCode()).isEqualTo(1);
  }

  @Test
  void repeated_and_missing_steps_deviate() {
    assertThat(deviations(new Case().with(new Steps(12, 12, 1, 2)).report()))
        .containsExactly("repeated_steps 0 1");
    assertThat(deviations(new Case().with(new Steps(12, 11, 0, 2)).report()))
        .containsExactly("steps 12 11");
  }

  @Test
  void a_forged_message_that_is_let_in_deviates() {
    assertThat(deviations(new Case().with(new Door(9, 9, 200, 3)).report()))
        .containsExactly("forged_status 401 200", "created_by_forged 0 3");
    assertThat(deviations(new Case().with(new Door(9, 8, 401, 0)).report()))
        .containsExactly("duplicates_refused 9 8");
  }

  @Test
  void a_journal_with_gaps_or_changes_deviates() {
    assertThat(deviations(new Case().with(new Chronicle(90, 1, 2)).report()))
        .containsExactly("journal_gaps 0 1", "journal_changed 0 2");
  }

  @Test
  void unknown_outcomes_deviate() {
    Report report = new Case().report(new Unknown(1, 1), CRASHES);

    assertThat(deviations(report)).containsExactly("unknown_outcomes 0 2");
  }

  @Test
  void a_server_that_ended_by_itself_was_not_killed() {
    Report report =
        new Case().report(new Unknown(0, 0), List.of(new Crash(137, 900), new Crash(1, 900)));

    assertThat(deviations(report)).containsExactly("kills 2 1");
  }

  @Test
  void people_see_the_difference_in_words() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Screen screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, false);

    new Case().with(new Fate("Mary's", true, 1, 1, 1, 1, 2)).report().show(screen);

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("replies per message                 1         2  ✗  Mary's")
        .contains("deviation: replies per message: expected 1, got 2 (Mary's)")
        .contains("Not all of it holds. It took 7.0 s.")
        .doesNotContain("\u001b");
  }
}
