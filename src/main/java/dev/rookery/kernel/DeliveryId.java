package dev.rookery.kernel;

/**
 * Names one outbox entry. Spelled {@code dlv_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record DeliveryId(String value) implements Id {
  public DeliveryId {
    Ids.check("dlv", value);
  }

  public static DeliveryId next() {
    return new DeliveryId(Ids.next("dlv"));
  }

  @Override
  public String toString() {
    return value;
  }
}
