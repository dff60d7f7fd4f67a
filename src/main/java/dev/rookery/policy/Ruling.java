package dev.rookery.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says about one call.
 *
 * @param rule the deciding one; null when none names the call
 * @param why a sentence for people, also fit for the model
 * @param parts of command lines, in an explanation only
 */
public record Ruling(Grant.Verdict verdict, @Nullable Grant rule, String why, List<Part> parts) {
  public Ruling {
    parts = List.copyOf(parts);
  }

  Ruling(Grant.Verdict verdict, @Nullable Grant rule, String why) {
    this(verdict, rule, why, List.of());
  }

  /** One simple command or redirection of a line, and what is said about it alone. */
  public record Part(String what, Grant.Verdict verdict, @Nullable Grant rule, String why) {}

  static Ruling by(Grant rule, String what) {
    return new Ruling(rule.verdict(), rule, "The rule '" + rule + "' names " + what + ".");
  }

  /** No rule names it: a person decides, if there is one. */
  static Ruling nobody(Circumstances now, String why) {
    return now.attended()
        ? new Ruling(Grant.Verdict.ASK, null, why + ", so a person decides.")
        : new Ruling(Grant.Verdict.DENY, null, why + ", and nobody is there to be asked.");
  }

  Ruling with(List<Part> explained) {
    return new Ruling(verdict, rule, why, explained);
  }

  boolean allows() {
    return verdict == Grant.Verdict.ALLOW;
  }
}
