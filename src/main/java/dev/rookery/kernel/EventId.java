package dev.rookery.kernel;

/**
 * Names one event. Spelled {@code evt_<32 hex digits of a UUIDv7>} everywhere: database, journal,
 * API.
 */
public record EventId(String value) implements Id {
  public EventId {
    Ids.check("evt", value);
  }

  public static EventId next() {
    return new EventId(Ids.next("evt"));
  }

  @Override
  public String toString() {
    return value;
  }
}
