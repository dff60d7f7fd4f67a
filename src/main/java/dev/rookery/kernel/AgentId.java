package dev.rookery.kernel;

/**
 * Names one agent. Spelled {@code agt_<32 hex digits of a UUIDv7>} everywhere: database, journal,
 * API.
 */
public record AgentId(String value) implements Id {
  public AgentId {
    Ids.check("agt", value);
  }

  public static AgentId next() {
    return new AgentId(Ids.next("agt"));
  }

  @Override
  public String toString() {
    return value;
  }
}
