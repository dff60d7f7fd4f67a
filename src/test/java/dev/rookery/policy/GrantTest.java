package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.kernel.Refusal;
import dev.rookery.policy.Grant.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which rules there can be, and which of them say something. */
final class GrantTest {
  private static Grant allow(String rule) {
    return new Grant(rule, Verdict.ALLOW);
  }

  private static Grant ask(String rule) {
    return new Grant(rule, Verdict.ASK);
  }

  private static Grant deny(String rule) {
    return new Grant(rule, Verdict.DENY);
  }

  static Stream<String> impossible() {
    return Stream.of(
        ("¦**¦*a¦a*b¦A¦a b¦_a¦mail(send)¦"
                + "@¦@nothing¦bash()¦bash(a; b)¦bash(a 'b)¦bash(a && b)¦write(../x)¦write(/etc/x)¦"
                + "write(a//b)¦write(~/x)¦write(out/)¦http(host:Github.com)¦http(method:get)¦http(port:0)¦http(port:x)¦http(host:a host:b)¦"
                + "http(what:x)¦http(GET)¦http(path:x)¦mcp(/x)¦mcp(x/)¦send(x)¦send(to:)¦bash(gi\u200Bt *)¦"
                + "bash(a\u0000)¦bash(a\nb)")
            .split("¦"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void what_could_never_match_is_refused(String rule) {
    assertThatThrownBy(() -> new Grant(rule, Verdict.DENY))
        .isInstanceOf(Refusal.class)
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("bad-rule");
  }

  @Test
  void rules_that_say_nothing_are_found() {
    List<Grant> grants =
        List.of(
            allow("bash(git push *)"),
            deny("bash(git *)"),
            ask("bash(git push origin)"),
            allow("write(out/a/**)"),
            allow("write(out/**)"),
            allow("nothing"),
            allow("http(host:api.github.com method:GET)"),
            ask("http(host:*.github.com)"));

    assertThat(LintRules.check(grants, Set.of("bash")))
        .extracting(LintRules.Finding::grant, LintRules.Finding::by)
        .containsExactlyInAnyOrder(
            tuple(allow("bash(git push *)"), deny("bash(git *)")),
            tuple(ask("bash(git push origin)"), deny("bash(git *)")),
            tuple(allow("write(out/a/**)"), allow("write(out/**)")),
            tuple(allow("nothing"), null),
            tuple(allow("http(host:api.github.com method:GET)"), ask("http(host:*.github.com)")));
  }

  @Test
  void no_profile_holds_a_rule_that_says_nothing() {
    for (Profile profile : Profile.values()) {
      assertThat(LintRules.check(profile.grants(), Set.of("x"))).as(profile.label()).isEmpty();
    }
    Ruleset writer = Ruleset.of(Profile.PR_WRITER.grants());
    assertThat(
            PolicyDecider.decide(
                    writer,
                    CallText.read("bash(git push origin main --force)"),
                    Circumstances.ATTENDED)
                .verdict())
        .isEqualTo(Verdict.DENY);
    assertThat(
            PolicyDecider.decide(
                    writer,
                    CallText.read("bash(git add -A && git commit -m x)"),
                    Circumstances.ATTENDED)
                .verdict())
        .isEqualTo(Verdict.ALLOW);
  }
}
