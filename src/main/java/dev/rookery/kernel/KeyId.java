package dev.rookery.kernel;

/**
 * Names one API key. Spelled {@code key_<32 hex digits of a UUIDv7>} everywhere: database, journal,
 * API.
 */
public record KeyId(String value) implements Id {
  public KeyId {
    Ids.check("key", value);
  }

  public static KeyId next() {
    return new KeyId(Ids.next("key"));
  }

  @Override
  public String toString() {
    return value;
  }
}
