package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.policy.Grant.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for any rules. */
final class PolicyPropertiesTest {
  private static final List<String> RULES =
      lines(
          "*\nbash\nb*\nmail\n@shell.run\n@fs.write\n"
              + "@fs.read\n@net.fetch\nread\nwrite\nhttp\nbash(git *)\n"
              + "bash(git push *)\nbash(rm *)\nbash(*)\nbash(ls)\nbash(env *)\nbash(python3 *)\n"
              + "bash(git ** main)\nwrite(out/**)\nwrite(**/x)\nread(secret/**)\nhttp(host:*.b)\nhttp(method:GET)\n"
              + "http(path:/x/**)\nbash(echo **)");

  private static final List<Action> CALLS =
      lines(
              "mail\nbash(git push origin main)\nbash(git log; rm -rf x)\nbash(env git push)\n"
                  + "bash(python3 -c x)\nbash($X y)\nbash(echo x > out/y)\nbash(a ( b)\n"
                  + "bash(ls < secret/x)\nbash(sh -c 'git push; ls')\nbash(PATH=x git log)\nbash(echo $((x)))\n"
                  + "bash(xargs git)\nwrite(out/x)\nread(secret/y)\n"
                  + "read(**)\nread(secret/**)\nread(a/**)\nwrite(**)\nwrite(out/**)\nwrite(out/a/**)\nhttp(GET https://a.b/x/y)\n"
                  + "http(POST https://a.b/x/../y)")
          .stream()
          .map(CallText::read)
          .toList();

  @Test
  void stricter_rules_never_open_and_order_never_matters_in_10_000_rule_sets() {
    Random random = new Random(3);
    for (int round = 0; round < 10_000; round++) {
      List<Grant> grants = new ArrayList<>();
      for (int i = random.nextInt(7); i > 0; i--) {
        grants.add(new Grant(any(RULES, random), Verdict.values()[random.nextInt(3)]));
      }
      Action action = any(CALLS, random);
      Circumstances now =
          new Circumstances(random.nextBoolean(), new Taint(random.nextBoolean(), true));
      Ruling before = PolicyDecider.decide(Ruleset.of(grants), action, now);

      Collections.shuffle(grants, random);
      assertThat(PolicyDecider.decide(Ruleset.of(grants), action, now)).isEqualTo(before);

      List<Grant> more = new ArrayList<>(grants);
      more.add(new Grant(any(RULES, random), Verdict.DENY));
      Verdict denied = PolicyDecider.decide(Ruleset.of(more), action, now).verdict();
      assertThat(before.allows() || denied != Verdict.ALLOW).as("%s %s", more, action).isTrue();
      assertThat(before.verdict() != Verdict.DENY || denied == Verdict.DENY).isTrue();

      grants.add(new Grant(any(RULES, random), Verdict.ASK));
      Verdict asked = PolicyDecider.decide(Ruleset.of(grants), action, now).verdict();
      assertThat(before.allows() || asked != Verdict.ALLOW).as("%s %s", grants, action).isTrue();
    }
  }

  @Test
  void no_file_of_a_tree_is_ruled_stricter_than_the_tree_in_10_000_rule_sets() {
    Random random = new Random(4);
    Set<Verdict> met = EnumSet.noneOf(Verdict.class);
    for (int round = 0; round < 10_000; round++) {
      List<Grant> grants = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        String rule = any(List.of("read", "write"), random) + "(" + pattern(random) + ")";
        grants.add(new Grant(rule, Verdict.values()[random.nextInt(3)]));
      }
      Ruleset rules = Ruleset.of(grants);
      boolean written = random.nextBoolean();
      String top = path(random, random.nextInt(3));
      Verdict tree = verdict(rules, new Demand.FileTree(top, written));
      met.add(tree);
      for (int i = 0; i < 20; i++) {
        String below = path(random, random.nextInt(4));
        String file = below.equals(".") ? top : top.equals(".") ? below : top + "/" + below;
        Verdict one =
            verdict(rules, written ? new Demand.FileWrite(file) : new Demand.FileRead(file));
        assertThat(tree).as("%s %s %s", grants, top, file).isGreaterThanOrEqualTo(one);
      }
    }
    assertThat(met).containsExactlyInAnyOrder(Verdict.values());
  }

  private static Verdict verdict(Ruleset rules, Demand demand) {
    Action action = new Action("a_tool", Set.of(Capability.FS_READ), List.of(demand));
    return PolicyDecider.decide(rules, action, Circumstances.ATTENDED).verdict();
  }

  /** So many names below the home. */
  private static String path(Random random, int names) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names; i++) {
      parts.add(any(List.of("a", "b", "ab", "ba"), random));
    }
    return parts.isEmpty() ? "." : String.join("/", parts);
  }

  private static String pattern(Random random) {
    List<String> parts = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      parts.add(any(List.of("a", "b", "ab", "*", "a*", "*b", "**", "**", "a**"), random));
    }
    return String.join("/", parts);
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }
}
