package dev.rookery.spend;

import dev.rookery.models.ModelAnswer.Usage;
import java.util.Locale;

/**
 * A call in the books.
 *
 * @param name of the model or tool
 * @param at when it was reserved, epoch milliseconds
 */
public record SpendEntry(
    Purchase.Key key,
    Purchase.Payer payer,
    Purchase.Kind kind,
    String name,
    State state,
    Cost cost,
    long at) {

  /** Whether its cost is known. */
  public enum State {
    RESERVED,
    SETTLED,
    RELEASED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What it cost.
   *
   * @param actual nothing before it is settled
   * @param estimated whether the price or the amount was guessed
   */
  public record Cost(Money reserved, Money actual, boolean estimated, Usage usage) {}
}
