package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.policy.Grant.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyDeciderTest {
  private static Grant allow(String rule) {
    return new Grant(rule, Verdict.ALLOW);
  }

  private static Grant ask(String rule) {
    return new Grant(rule, Verdict.ASK);
  }

  private static Grant deny(String rule) {
    return new Grant(rule, Verdict.DENY);
  }

  private static Ruling decide(Action action, Grant... grants) {
    return PolicyDecider.decide(Ruleset.of(List.of(grants)), action, Circumstances.ATTENDED);
  }

  private static Verdict verdict(String call, Grant... grants) {
    return decide(CallText.read(call), grants).verdict();
  }

  @Test
  void deny_beats_ask_and_ask_beats_allow_however_specific() {
    assertThat(verdict("mail", allow("mail"), ask("*"), deny("ma*"))).isEqualTo(Verdict.DENY);
    assertThat(verdict("mail", allow("mail"), ask("*"))).isEqualTo(Verdict.ASK);
    assertThat(decide(CallText.read("mail"), allow("mail")).rule()).isEqualTo(allow("mail"));
    assertThat(verdict("bash(git push)", allow("bash(git push)"), ask("bash(git *)")))
        .isEqualTo(Verdict.ASK);
  }

  @Test
  void what_no_rule_names_asks_and_is_denied_when_nobody_is_there() {
    Action action = CallText.read("mail");
    Ruleset none = Ruleset.of(List.of(allow("mails"), allow("bash(mail)")));

    assertThat(PolicyDecider.decide(none, action, Circumstances.ATTENDED).verdict())
        .isEqualTo(Verdict.ASK);
    assertThat(PolicyDecider.decide(none, action, Circumstances.UNATTENDED))
        .extracting(Ruling::verdict, Ruling::rule)
        .containsExactly(Verdict.DENY, null);
    Ruleset asks = Ruleset.of(List.of(ask("mail")));
    assertThat(PolicyDecider.decide(asks, action, Circumstances.UNATTENDED).verdict())
        .isEqualTo(Verdict.ASK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "write(path:out/**)|write(out/a/b)|true",
        "write(path:out/**)|write(out)|true",
        "write(path:out/**)|write(output)|false",
        "write(path:out/**)|write(out/../x)|false",
        "write(path:out/**)|write(/out/x)|false",
        "write(out/*.md)|write(out/a.md)|true",
        "write(out/*.md)|write(out/a/b.md)|false",
        "write(**/x)|write(x)|true",
        "write(**/x)|write(a/b/x)|true",
        "write(out/**)|read(out/x)|false",
        "read|read(anything)|true",
        "@fs.read|read(anything)|true",
        "@fs.read|write(anything)|false",
        "http(host:*.github.com)|http(GET https://api.github.com/x)|true",
        "http(host:*.github.com)|http(GET https://github.com/x)|false",
        "http(host:*.github.com)|http(GET https://github.com.evil.example/)|false",
        "http(host:a.b method:GET,HEAD)|http(POST https://a.b/)|false",
        "http(host:a.b method:GET,HEAD)|http(HEAD https://a.b/)|true",
        "http(host:a.b port:443)|http(GET http://a.b/)|false",
        "http(path:/repos/**)|http(GET https://a.b/repos/x)|true",
        "http(path:/repos/**)|http(GET https://a.b/repos/../admin)|false",
        "http(path:/repos/**)|http(GET https://a.b/repos/%2e%2e/admin)|false",
        "mcp(github/get_*)|mcp(github/get_issue)|true",
        "mcp(github/get_*)|mcp(github/delete)|false",
        "mcp(github)|mcp(github/delete)|true",
        "send(channel:telegram)|send(telegram telegram:1)|true",
        "send(channel:telegram to:telegram:2*)|send(telegram telegram:1)|false",
        "bash(git push *)|bash(git push)|true",
        "bash(git push *)|bash(git push origin main)|true",
        "bash(git push *)|bash(git pushx)|false",
        "bash(git * main)|bash(git push main)|true",
        "bash(git * main)|bash(git push x main)|false",
        "bash(git ** main)|bash(git push x main)|true",
        "bash(python3 *)|bash(python3 -c 'print(1)')|true",
        "bash(git -c *)|bash(git -c a=b log)|true",
        "bash(sudo git *)|bash(sudo git status)|true",
        "bash(NODE_ENV=* npm test)|bash(NODE_ENV=test npm test)|true",
        "bash(NODE_ENV=* npm test)|bash(PATH=x npm test)|false",
        "bash(./run *)|bash(./run x)|true",
        "bash(*)|bash(anything at all; more)|true",
        "bash|bash(anything ( at all)|true",
        "bash(*)|bash(anything ( at all)|false",
        "@shell.run|bash(anything ( at all)|true",
      })
  void a_rule_allows_what_it_names(String rule, String call, boolean allowed) {
    assertThat(verdict(call, allow(rule)) == Verdict.ALLOW).as(rule).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http(GET https://a.b/x/../admin)", "http(GET https://a.b/%61dmin%2f)"})
  void a_crooked_path_does_not_slip_by_a_denial(String call) {
    assertThat(verdict(call, allow("*"), deny("http(path:/admin/**)"))).isEqualTo(Verdict.DENY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read|src|true",
        "read(**)|.|true",
        "read(**)|src|true",
        "read(path:src/**)|src|true",
        "read(path:src/**)|src/main|true",
        "read(path:src/**)|.|false",
        "read(path:src/**)|source|false",
        "read(src**)|src|true",
        "read(src)|src|false",
        "read(*)|.|false",
        "read(src/*)|src|false",
        "read(src/**/x)|src|false",
        "read(**/x)|x|false",
        "read(**/x/**)|a/x|true",
        "write(**)|src|false",
        "read(**)|../src|false",
        "@fs.read|src|true",
        "grep|src|true",
        "read_file|src|false",
      })
  void a_tree_is_allowed_by_what_names_all_of_it(String rule, String tree, boolean allowed) {
    assertThat(tree(tree, false, allow(rule)) == Verdict.ALLOW).as(rule).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read(path:secrets/**)|.|true",
        "read(path:secrets/**)|secrets|true",
        "read(path:secrets/**)|secrets/deep|true",
        "read(path:a/b/secrets/*.key)|a/b|true",
        "read(path:a/b/secrets/*.key)|a/b/secrets|true",
        "read(path:a/b/secrets/*.key)|a/c|false",
        "read(path:secrets/**)|secret|false",
        "read(path:secrets/**)|notes|false",
        "read(.env)|.|true",
        "read(.env)|src|false",
        "read(**/.env)|src|true",
        "read(*.md)|src|false",
        "read(secrets/x)|/secrets|true",
        "write(path:secrets/**)|.|false",
      })
  void a_tree_is_denied_or_asked_for_by_what_may_name_something_in_it(
      String rule, String tree, boolean named) {
    assertThat(tree(tree, false, allow("*"), deny(rule)))
        .isEqualTo(named ? Verdict.DENY : Verdict.ALLOW);
    assertThat(tree(tree, false, allow("*"), ask(rule)))
        .isEqualTo(named ? Verdict.ASK : Verdict.ALLOW);
  }

  @Test
  void all_that_is_written_at_once_is_denied_for_one_file_of_it() {
    assertThat(tree(".", true, allow("write"))).isEqualTo(Verdict.ALLOW);
    assertThat(tree(".", true, allow("write"), deny("write(x/**)"))).isEqualTo(Verdict.DENY);
    assertThat(tree(".", true, allow("write"), deny("read(x/**)"))).isEqualTo(Verdict.ALLOW);
    assertThat(tree(".", true, allow("write(out/**)"))).isEqualTo(Verdict.ASK);
  }

  private static Verdict tree(String path, boolean written, Grant... grants) {
    Action action =
        new Action(
            written ? "restore" : "grep",
            Set.of(written ? Capability.FS_WRITE : Capability.FS_READ),
            List.of(new Demand.FileTree(path, written)));
    return decide(action, grants).verdict();
  }

  @Test
  void trees_are_spelled_as_in_rules() {
    assertThat(CallText.read("read(**)").demands())
        .containsExactly(new Demand.FileTree(".", false));
    assertThat(CallText.read("write(out/a/**)").demands())
        .containsExactly(new Demand.FileTree("out/a", true));
    assertThat(CallText.read("read(out/a)").demands())
        .containsExactly(new Demand.FileRead("out/a"));
    assertThat(verdict("read(**)", allow("read"), deny("read(secrets/**)")))
        .isEqualTo(Verdict.DENY);
  }

  @Test
  void an_allowed_class_must_go_for_all_that_a_tool_can_do() {
    Action both = new Action("x", Set.of(Capability.FS_READ, Capability.NET_SEND), List.of());

    assertThat(decide(both, allow("@fs.read")).verdict()).isEqualTo(Verdict.ASK);
    assertThat(decide(both, allow("@fs.read"), allow("@net.send")).verdict())
        .isEqualTo(Verdict.ALLOW);
    assertThat(decide(both, allow("*"), deny("@fs.read")).verdict()).isEqualTo(Verdict.DENY);
  }

  @Test
  void of_several_demands_the_strictest_ruling_holds() {
    Action move =
        new Action(
            "move",
            Set.of(Capability.FS_WRITE),
            List.of(new Demand.FileWrite("out/a"), new Demand.FileWrite("src/a")));

    assertThat(decide(move, allow("write(out/**)")).verdict()).isEqualTo(Verdict.ASK);
    assertThat(decide(move, allow("write"), deny("write(src/**)")).verdict())
        .isEqualTo(Verdict.DENY);
    assertThat(decide(move, allow("write(out/**)"), allow("write(src/**)")).verdict())
        .isEqualTo(Verdict.ALLOW);
  }

  @Test
  void redirections_are_writes_and_reads() {
    Grant echo = allow("bash(echo *)");

    assertThat(verdict("bash(echo x > out/a)", echo, allow("write(out/**)")))
        .isEqualTo(Verdict.ALLOW);
    assertThat(verdict("bash(echo x > ~/out/a)", echo, allow("write(out/**)")))
        .isEqualTo(Verdict.ALLOW);
    assertThat(verdict("bash(echo x > out/../a)", echo, allow("write(out/**)")))
        .isEqualTo(Verdict.ASK);
    assertThat(verdict("bash(echo x > secret/a)", allow("bash"), deny("write(secret/**)")))
        .isEqualTo(Verdict.DENY);
    assertThat(verdict("bash(cd secret; echo x > a)", allow("bash"), deny("write(secret/**)")))
        .isEqualTo(Verdict.ASK);
    assertThat(verdict("bash(cat < secret/a)", allow("bash"), deny("read(secret/**)")))
        .isEqualTo(Verdict.DENY);
    assertThat(verdict("bash(sh -c 'echo > secret/a')", allow("bash"), deny("write(secret/**)")))
        .isEqualTo(Verdict.DENY);
  }

  @Test
  void a_tainted_run_asks_before_anything_leaves_it() {
    Action mail = new Action("mail", Set.of(Capability.CHANNEL_SEND), List.of());
    Action home = new Action("mail", Set.of(Capability.CHANNEL_SEND), List.of(), true);
    Action file = new Action("file", Set.of(Capability.FS_WRITE), List.of());
    Ruleset all = Ruleset.of(List.of(allow("*")));
    Circumstances tainted = new Circumstances(true, Taint.BOTH);

    assertThat(PolicyDecider.decide(all, mail, tainted).verdict()).isEqualTo(Verdict.ASK);
    assertThat(PolicyDecider.decide(all, home, tainted).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(PolicyDecider.decide(all, file, tainted).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(PolicyDecider.decide(all, mail, new Circumstances(true, Taint.UNTRUSTED)).verdict())
        .isEqualTo(Verdict.ALLOW);
  }

  @Test
  void a_tool_is_offered_if_a_call_may_happen_and_not_all_are_denied() {
    Set<Capability> shell = Set.of(Capability.SHELL_RUN);

    assertThat(Ruleset.of(List.of()).offers("bash", shell)).isFalse();
    assertThat(Ruleset.of(List.of(allow("bash(git *)"))).offers("bash", shell)).isTrue();
    assertThat(Ruleset.of(List.of(allow("bash(git *)"))).offers("mail", Set.of())).isFalse();
    assertThat(Ruleset.of(List.of(ask("@shell.run"))).offers("bash", shell)).isTrue();
    assertThat(Ruleset.of(List.of(allow("*"), deny("bash(rm *)"))).offers("bash", shell)).isTrue();
    assertThat(Ruleset.of(List.of(allow("*"), deny("@shell.run"))).offers("bash", shell)).isFalse();
    assertThat(Ruleset.of(List.of(allow("*"), deny("ba*"))).offers("bash", shell)).isFalse();
  }

  @Test
  void an_explanation_says_what_is_said_about_each_command() {
    Ruling ruling =
        PolicyDecider.explain(
            Ruleset.of(List.of(allow("bash(git *)"), deny("bash(rm *)"))),
            CallText.read("bash(git log | head && rm x > y)"),
            Circumstances.ATTENDED);

    assertThat(ruling.verdict()).isEqualTo(Verdict.DENY);
    assertThat(ruling.rule()).isEqualTo(deny("bash(rm *)"));
    assertThat(ruling.parts())
        .extracting(Ruling.Part::what, Ruling.Part::verdict)
        .containsExactly(
            tuple("git log", Verdict.ALLOW),
            tuple("head", Verdict.ASK),
            tuple("rm x > y", Verdict.DENY));
  }
}
