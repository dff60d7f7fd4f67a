package dev.rookery.kernel;

/**
 * Names one activation. Spelled {@code act_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record ActivationId(String value) implements Id {
  public ActivationId {
    Ids.check("act", value);
  }

  public static ActivationId next() {
    return new ActivationId(Ids.next("act"));
  }

  @Override
  public String toString() {
    return value;
  }
}
