package dev.rookery.spend;

import dev.rookery.kernel.BudgetId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a budget stands in one of its windows. */
public record Standing(Budget budget, Key key, Money spent, Money reserved) {

  /**
   * One window of one budget.
   *
   * @param subject the run tree's root in a budget for each of them; else empty
   * @param startsAt epoch milliseconds; 0 when there is only one
   */
  public record Key(BudgetId budget, String subject, long startsAt) {
    /** The window of now. */
    static Key of(Budget budget, String root, long now) {
      String subject = budget.scope() instanceof Scope.EachRunTree ? root : "";
      return new Key(budget.id(), subject, budget.window().start(now));
    }
  }

  /** When the window ends and the next begins with nothing spent; null when that never happens. */
  public @Nullable Instant resetsAt() {
    return budget.window().end(key.startsAt());
  }

  /** What is spent, and what may be by calls under way. */
  public Money committed() {
    return spent.plus(reserved);
  }

  /** What calls may still reserve before the hard limit; null when there is none. */
  public @Nullable Money left() {
    Money hard = budget.limits().hard();
    return hard == null ? null : hard.without(committed());
  }
}
