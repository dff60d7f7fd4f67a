package dev.rookery.kernel;

/**
 * Names one checkpoint of a home. Spelled {@code ckp_<32 hex digits of a UUIDv7>} everywhere:
 * database, journal, API.
 */
public record CheckpointId(String value) implements Id {
  public CheckpointId {
    Ids.check("ckp", value);
  }

  public static CheckpointId next() {
    return new CheckpointId(Ids.next("ckp"));
  }

  @Override
  public String toString() {
    return value;
  }
}
