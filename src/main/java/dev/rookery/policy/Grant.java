package dev.rookery.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule on what an agent may do (docs/policy.md). Refused as {@code bad-rule} when it is
 * unreadable or can never match.
 *
 * @param rule {@code tool}, {@code start_*}, {@code *}, a class such as {@code @fs.write}, or a
 *     typed rule such as {@code bash(git push *)}
 */
public record Grant(String rule, Verdict verdict) {
  public Grant {
    SpecRules.read(rule);
  }

  /** What a rule says about what it names; the later, the stricter. */
  public enum Verdict {
    ALLOW,
    ASK,
    DENY;

    /** As stored and shown: {@code allow}, {@code ask}, {@code deny}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Verdict> of(String label) {
      return Arrays.stream(values()).filter(v -> v.label().equals(label)).findFirst();
    }

    public static List<String> labels() {
      return Arrays.stream(values()).map(Verdict::label).toList();
    }

    Verdict stricter(Verdict other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  @Override
  public String toString() {
    return verdict.label() + " " + rule;
  }
}
