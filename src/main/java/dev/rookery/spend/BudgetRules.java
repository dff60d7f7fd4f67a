package dev.rookery.spend;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides whether money may be reserved. All budgets must have it; a hard limit beats a soft. */
final class BudgetRules {
  private BudgetRules() {}

  /** What the budgets say. */
  sealed interface Ruling {
    record Fits() implements Ruling {}

    record Soft(Standing standing) implements Ruling {}

    record Hard(Standing standing) implements Ruling {}
  }

  /**
   * @param consented whether somebody agreed that this window may go beyond its soft limit
   */
  static Ruling decide(List<Standing> standings, Money wanted, Predicate<Standing> consented) {
    for (Standing standing : standings) {
      if (beyond(standing, standing.budget().limits().hard(), wanted)) {
        return new Ruling.Hard(standing);
      }
    }
    for (Standing standing : standings) {
      if (beyond(standing, standing.budget().limits().soft(), wanted)
          && !consented.test(standing)) {
        return new Ruling.Soft(standing);
      }
    }
    return new Ruling.Fits();
  }

  private static boolean beyond(Standing standing, @Nullable Money limit, Money wanted) {
    return limit != null && standing.committed().plus(wanted).exceeds(limit);
  }
}
