package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.rookery.policy.Grant.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways around rules, each of which must end at a person or at a refusal. */
final class EvasionsTest {
  private static final Ruleset NARROW =
      Ruleset.of(
          List.of(
              new Grant("bash(git *)", Verdict.ALLOW),
              new Grant("bash(ls *)", Verdict.ALLOW),
              new Grant("bash(echo *)", Verdict.ALLOW),
              new Grant("bash(rm *)", Verdict.DENY)));

  /** Whoever may run everything but one program. */
  private static final Ruleset WIDE =
      Ruleset.of(List.of(new Grant("bash", Verdict.ALLOW), new Grant("bash(rm *)", Verdict.DENY)));

  static Ruling ruling(Ruleset rules, String line) {
    return PolicyDecider.decide(
        rules,
        new Action("bash", Set.of(Capability.SHELL_RUN), List.of(new Demand.Command(line))),
        Circumstances.ATTENDED);
  }

  private static Stream<Arguments> rows(String table) {
    List<Arguments> rows = new ArrayList<>();
    for (String block : table.split("\n(?=# )")) {
      int end = block.indexOf('\n');
      rows.add(
          arguments(block.substring(2, end).strip(), block.substring(end + 1).stripTrailing()));
    }
    return rows.stream();
  }

  static Stream<Arguments> hidingRm() {
    return Stream.of(rows(HidingRm.TABLE), rows(CarryingRm.TABLE), HidingRm.made())
        .flatMap(row -> row);
  }

  static Stream<Arguments> otherCommands() {
    return Stream.concat(rows(OtherCommands.TABLE), OtherCommands.made());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hidingRm")
  void a_hidden_rm_is_allowed_under_no_rules(String name, String line) {
    assertThat(ruling(NARROW, line).verdict()).as(line).isNotEqualTo(Verdict.ALLOW);
    assertThat(ruling(WIDE, line).verdict()).as(line).isNotEqualTo(Verdict.ALLOW);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherCommands")
  void what_no_narrow_rule_allows_is_not_allowed(String name, String line) {
    assertThat(ruling(NARROW, line).verdict()).as(line).isNotEqualTo(Verdict.ALLOW);
  }

  @Test
  void there_are_at_least_150_of_them_with_names_of_their_own() {
    List<Object> names =
        Stream.concat(hidingRm(), otherCommands()).map(row -> row.get()[0]).toList();
    assertThat(names).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("honest")
  void honest_lines_stay_allowed(String line) {
    assertThat(ruling(NARROW, line)).as(line).matches(Ruling::allows);
  }

  static Stream<String> honest() {
    return Stream.of(
        "git status",
        "git push origin main",
        "git log --oneline | git shortlog",
        "git add . && git commit -m 'rm -rf / is a bad idea; $(rm)'",
        "git commit -m \"$(git log -1 --format=%s)\"",
        "ls *.txt; echo \"$HOME\" 'it''s' fine # rm -rf /",
        "if git diff --quiet; then echo same; else echo other; fi",
        "for f in $(ls); do echo \"$f\"; done",
        "/usr/bin/git status",
        "timeout 5 git fetch 2>/dev/null",
        "env LANG=C git status 2>&1",
        "nice -n 10 nohup git gc",
        "sh -c 'git status; ls'",
        "bash -c \"git status\" && echo $((1 + 2))",
        "x=$(git rev-parse HEAD); git show $x",
        "echo \"rm\" rm '$(rm)'",
        "git commit -F - <<'EOF'\nrm -rf /\n$(rm)\nEOF",
        "git log --grep='a|b' -- src/{a,b}",
        "case $x in rm) ls;; *) echo no;; esac",
        "( git status ) & wait=1",
        "f() { git status; }; echo ok");
  }
}
