package dev.rookery.kernel;

/**
 * Names one integration. Spelled {@code int_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record IntegrationId(String value) implements Id {
  public IntegrationId {
    Ids.check("int", value);
  }

  public static IntegrationId next() {
    return new IntegrationId(Ids.next("int"));
  }

  @Override
  public String toString() {
    return value;
  }
}
