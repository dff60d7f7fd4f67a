package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.GrantRules.Decision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrantRulesTest {
  private static final Grant ALLOW_ALL = new Grant("*", Verdict.ALLOW);

  @Test
  void what_no_rule_names_is_not_granted() {
    assertThat(GrantRules.decide(List.of(), "mail")).isEqualTo(new Decision.NoMatch());
    List<Grant> other = List.of(new Grant("mails", Verdict.ALLOW), new Grant("mai", Verdict.ALLOW));
    assertThat(GrantRules.decide(other, "mail").granted()).isFalse();
  }

  @Test
  void an_allowed_tool_is_granted_by_the_rule_that_names_it() {
    Grant allow = new Grant("mail", Verdict.ALLOW);

    assertThat(GrantRules.decide(List.of(allow), "mail")).isEqualTo(new Decision.Granted(allow));
    assertThat(GrantRules.decide(List.of(ALLOW_ALL), "mail").granted()).isTrue();
  }

  @Test
  void deny_beats_allow_however_specific_and_in_whatever_order() {
    Grant denyPrefix = new Grant("mail_*", Verdict.DENY);
    Grant allowExactly = new Grant("mail_send", Verdict.ALLOW);

    for (List<Grant> rules :
        List.of(List.of(denyPrefix, allowExactly), List.of(allowExactly, denyPrefix))) {
      assertThat(GrantRules.decide(rules, "mail_send")).isEqualTo(new Decision.Denied(denyPrefix));
    }
    List<Grant> allButOne = List.of(ALLOW_ALL, new Grant("mail_send", Verdict.DENY));
    assertThat(GrantRules.decide(allButOne, "mail_send").granted()).isFalse();
    assertThat(GrantRules.decide(allButOne, "mail_read").granted()).isTrue();
  }

  @Test
  void adding_a_deny_never_grants_and_order_never_matters() {
    Random random = new Random(7);
    List<String> patterns = List.of("*", "a*", "ab", "abc", "b", "b_*");
    for (int round = 0; round < 2_000; round++) {
      List<Grant> rules = new ArrayList<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        rules.add(
            new Grant(
                patterns.get(random.nextInt(patterns.size())),
                random.nextBoolean() ? Verdict.ALLOW : Verdict.DENY));
      }
      for (String tool : List.of("ab", "abc", "b", "b_x", "c")) {
        boolean before = GrantRules.decide(rules, tool).granted();
        List<Grant> shuffled = new ArrayList<>(rules);
        Collections.shuffle(shuffled, random);
        assertThat(GrantRules.decide(shuffled, tool).granted()).isEqualTo(before);
        shuffled.add(new Grant("*", Verdict.DENY));
        assertThat(GrantRules.decide(shuffled, tool).granted()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "**", "*a", "a*b", "A", "a b", "_a", "mail(send)"})
  void what_could_never_match_a_tool_is_refused(String pattern) {
    assertThatThrownBy(() -> new Grant(pattern, Verdict.DENY)).isInstanceOf(Refusal.class);
  }
}
