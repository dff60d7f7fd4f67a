package dev.rookery.policy;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.policy.Grant.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Named sets of rules to begin with. Applied, they are rules of the agent like any others. */
public enum Profile {
  /** Looks, changes nothing, and says nothing to anybody else. */
  READ_ONLY(
      "looks at files and memory, changes nothing; asks before it fetches from the network",
      List.of("@info.read", "@fs.read", "@memory.read"),
      List.of("@net.fetch"),
      List.of(
          "@fs.write",
          "@shell.run",
          "@net.send",
          "@external.call",
          "@channel.send",
          "@memory.write",
          "@schedule.write",
          "@delegate",
          "@spend")),
  /** Works on files in its sandbox and prepares changes; what leaves is asked for. */
  PR_WRITER(
      "edits files and commits by itself; asks before anything leaves, never forces a push",
      List.of(
          "@info.read",
          "@fs.read",
          "@fs.write",
          "@memory.read",
          "read",
          "write",
          "bash(cat *)",
          "bash(cd *)",
          "bash(diff *)",
          "bash(echo *)",
          "bash(git add *)",
          "bash(git branch *)",
          "bash(git checkout *)",
          "bash(git commit *)",
          "bash(git diff *)",
          "bash(git log *)",
          "bash(git show *)",
          "bash(git status *)",
          "bash(git switch *)",
          "bash(grep *)",
          "bash(head *)",
          "bash(ls *)",
          "bash(mkdir *)",
          "bash(pwd)",
          "bash(rg *)",
          "bash(tail *)",
          "bash(wc *)"),
      List.of("@net.fetch", "@net.send", "@external.call", "@channel.send", "bash(git push *)"),
      List.of(
          "bash(git push ** --force* **)",
          "bash(git push ** -f **)",
          "bash(git push ** --mirror **)",
          "@spend")),
  /** Everything, except that money is asked for. */
  FULL_OPS("may do everything; asks before it spends", List.of("*"), List.of("@spend"), List.of());

  private final String summary;

  /** A copy that cannot be changed. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Grant> grants;

  Profile(String summary, List<String> allow, List<String> ask, List<String> deny) {
    this.summary = summary;
    List<Grant> all = new ArrayList<>();
    deny.forEach(rule -> all.add(new Grant(rule, Verdict.DENY)));
    ask.forEach(rule -> all.add(new Grant(rule, Verdict.ASK)));
    allow.forEach(rule -> all.add(new Grant(rule, Verdict.ALLOW)));
    this.grants = List.copyOf(all);
  }

  /** As people write it, such as {@code read-only}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String summary() {
    return summary;
  }

  public List<Grant> grants() {
    return grants;
  }

  /**
   * @throws Refusal {@code profile-not-found}
   */
  public static Profile require(String label) {
    return Arrays.stream(values())
        .filter(profile -> profile.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    Refusal.Kind.NOT_FOUND,
                    "profile-not-found",
                    "There is no profile '"
                        + Text.brief(Text.clean(label), 60)
                        + "'; known are: read-only, pr-writer, full-ops."));
  }
}
