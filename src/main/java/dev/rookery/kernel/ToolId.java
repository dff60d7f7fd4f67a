package dev.rookery.kernel;

/**
 * Names one tool an organization defined. Spelled {@code tol_<32 hex digits of a UUIDv7>}
 * everywhere: database, journal, API.
 */
public record ToolId(String value) implements Id {
  public ToolId {
    Ids.check("tol", value);
  }

  public static ToolId next() {
    return new ToolId(Ids.next("tol"));
  }

  @Override
  public String toString() {
    return value;
  }
}
