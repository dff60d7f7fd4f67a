package dev.rookery.policy;

import dev.rookery.policy.Grant.Verdict;
import java.util.Collection;
import java.util.Optional;

/** Decides whether a tool is granted: deny beats allow, no match means not granted. */
public final class GrantRules {
  private GrantRules() {}

  /** The decision with the rule that made it; neither order nor specificity of rules matters. */
  public static Decision decide(Collection<Grant> grants, String tool) {
    return match(grants, tool, Verdict.DENY)
        .<Decision>map(Decision.Denied::new)
        .or(() -> match(grants, tool, Verdict.ALLOW).map(Decision.Granted::new))
        .orElseGet(Decision.NoMatch::new);
  }

  private static Optional<Grant> match(Collection<Grant> grants, String tool, Verdict verdict) {
    return grants.stream()
        .filter(grant -> grant.verdict() == verdict && names(grant.tool(), tool))
        .findFirst();
  }

  private static boolean names(String pattern, String tool) {
    return pattern.endsWith("*")
        ? tool.startsWith(pattern.substring(0, pattern.length() - 1))
        : tool.equals(pattern);
  }

  /** What the rules say about one tool. */
  public sealed interface Decision {
    record Granted(Grant by) implements Decision {}

    record Denied(Grant by) implements Decision {}

    record NoMatch() implements Decision {}

    default boolean granted() {
      return this instanceof Granted;
    }
  }
}
