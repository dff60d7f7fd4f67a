package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.policy.Action;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Circumstances;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Grant;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.PolicyDecider;
import dev.rookery.policy.Ruleset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench policy}. */
@Command(
    name = "policy",
    description = "Decisions on calls per second, on one thread, by 50 rules.",
    footer = "  rookery bench policy --json")
final class PolicyBench implements Callable<Integer> {
  private static final Aim DECISIONS = new Aim.AtLeast(200_000);
  private static final int RULES = 50;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  PolicyBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) {
    Ruleset rules = Ruleset.of(rules());
    List<Action> mix = mix();
    int decisions = options.size(1_000_000, 2_000);
    decide(rules, mix, decisions);
    report.add(Figure.of("decisions, mixed calls", rates(rules, mix, decisions), "/s", DECISIONS));
    progress.say("mixed calls done");
    List<Action> lines =
        mix.stream()
            .filter(action -> action.demands().getFirst() instanceof Demand.Command)
            .toList();
    report.add(
        Figure.of("decisions, command lines only", rates(rules, lines, decisions / 2), "/s", null));
  }

  private List<Double> rates(Ruleset rules, List<Action> mix, int decisions) {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      long start = System.nanoTime();
      decide(rules, mix, decisions);
      rates.add(decisions / ((System.nanoTime() - start) / 1e9));
    }
    return rates;
  }

  /** One in four of the mix is allowed by no rule; a wrong count is no figure. */
  private static void decide(Ruleset rules, List<Action> mix, int decisions) {
    int expected = 0;
    for (Action action : mix) {
      expected += allowed(rules, action);
    }
    int rounds = decisions / mix.size();
    int allowed = 0;
    for (int i = 0; i < rounds; i++) {
      for (Action action : mix) {
        allowed += allowed(rules, action);
      }
    }
    Mismatch.unlessEqual("allowed calls", (long) rounds * expected, allowed);
  }

  private static int allowed(Ruleset rules, Action action) {
    Verdict verdict = PolicyDecider.decide(rules, action, Circumstances.ATTENDED).verdict();
    return verdict == Verdict.ALLOW ? 1 : 0;
  }

  private static List<Grant> rules() {
    List<Grant> rules = new ArrayList<>();
    for (String verb : List.of("status", "log", "diff", "add", "commit", "show", "branch")) {
      rules.add(new Grant("bash(git " + verb + " *)", Verdict.ALLOW));
    }
    for (String program : List.of("ls", "cat", "grep", "rg", "head", "wc", "make", "echo")) {
      rules.add(new Grant("bash(" + program + " *)", Verdict.ALLOW));
    }
    for (String program : List.of("rm", "dd", "mkfs", "shutdown", "curl", "ssh", "nc")) {
      rules.add(new Grant("bash(" + program + " *)", Verdict.DENY));
    }
    rules.add(new Grant("bash(git push *)", Verdict.ASK));
    rules.add(new Grant("bash(git push ** --force* **)", Verdict.DENY));
    rules.add(new Grant("read", Verdict.ALLOW));
    rules.add(new Grant("write(path:out/**)", Verdict.ALLOW));
    rules.add(new Grant("write(path:**/.env)", Verdict.DENY));
    rules.add(new Grant("http(host:*.github.com method:GET,HEAD)", Verdict.ALLOW));
    rules.add(new Grant("@spend", Verdict.ASK));
    for (int i = rules.size(); i < RULES; i++) {
      rules.add(new Grant("tool_" + i, i % 2 == 0 ? Verdict.DENY : Verdict.ALLOW));
    }
    return rules;
  }

  private static List<Action> mix() {
    return List.of(
        new Action("current_time", Set.of(Capability.INFO_READ), List.of()),
        new Action("tool_33", Set.of(Capability.EXTERNAL_CALL), List.of()),
        file(Capability.FS_READ, new Demand.FileRead("src/main/App.java")),
        file(Capability.FS_WRITE, new Demand.FileWrite("out/report/day.md")),
        file(Capability.FS_WRITE, new Demand.FileWrite("src/.env")),
        new Action(
            "http_request",
            Set.of(Capability.NET_FETCH),
            List.of(new Demand.Http("GET", "api.github.com", 443, "/repos/a/b"))),
        line("git status"),
        line("git log --oneline | head -20"),
        line("cat notes.txt && grep -rn 'needle' src; wc -l src/*.java"),
        line("git add -A && git commit -m \"$(git log -1 --format=%s)\""),
        line("git push origin main"),
        line("ls -la; rm -rf build"));
  }

  private static Action file(Capability capability, Demand demand) {
    return new Action("file", Set.of(capability), List.of(demand));
  }

  private static Action line(String line) {
    return new Action("bash", Set.of(Capability.SHELL_RUN), List.of(new Demand.Command(line)));
  }
}
