package dev.rookery.kernel;

/**
 * Names one activation policy. Spelled {@code pol_<32 hex digits of a UUIDv7>} everywhere:
 * database, journal, API.
 */
public record PolicyId(String value) implements Id {
  public PolicyId {
    Ids.check("pol", value);
  }

  public static PolicyId next() {
    return new PolicyId(Ids.next("pol"));
  }

  @Override
  public String toString() {
    return value;
  }
}
