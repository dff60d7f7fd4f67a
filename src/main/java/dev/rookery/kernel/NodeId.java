package dev.rookery.kernel;

/**
 * Names one running server process. Spelled {@code nod_<32 hex digits of a UUIDv7>} everywhere:
 * database, journal, API.
 */
public record NodeId(String value) implements Id {
  public NodeId {
    Ids.check("nod", value);
  }

  public static NodeId next() {
    return new NodeId(Ids.next("nod"));
  }

  @Override
  public String toString() {
    return value;
  }
}
