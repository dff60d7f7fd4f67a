package dev.rookery.kernel;

/**
 * Names one run. Spelled {@code run_<32 hex digits of a UUIDv7>} everywhere: database, journal,
 * API.
 */
public record RunId(String value) implements Id {
  public RunId {
    Ids.check("run", value);
  }

  public static RunId next() {
    return new RunId(Ids.next("run"));
  }

  @Override
  public String toString() {
    return value;
  }
}
