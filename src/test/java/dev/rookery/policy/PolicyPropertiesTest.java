package dev.rookery.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.policy.Grant.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
                  + "bash(xargs git)\nwrite(out/x)\nread(secret/y)\nhttp(GET https://a.b/x/y)\n"
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

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }
}
