package dev.rookery.kernel;

/**
 * Names one budget. Spelled {@code bdg_<32 hex digits of a UUIDv7>} everywhere: database, journal,
 * API.
 */
public record BudgetId(String value) implements Id {
  public BudgetId {
    Ids.check("bdg", value);
  }

  public static BudgetId next() {
    return new BudgetId(Ids.next("bdg"));
  }

  @Override
  public String toString() {
    return value;
  }
}
