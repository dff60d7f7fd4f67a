package dev.rookery.kernel;

/**
 * Names one rule on what agents may do. Spelled {@code rul_<32 hex digits of a UUIDv7>} everywhere:
 * database, journal, API.
 */
public record RuleId(String value) implements Id {
  public RuleId {
    Ids.check("rul", value);
  }

  public static RuleId next() {
    return new RuleId(Ids.next("rul"));
  }

  @Override
  public String toString() {
    return value;
  }
}
