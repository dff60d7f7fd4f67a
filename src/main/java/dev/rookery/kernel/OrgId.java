package dev.rookery.kernel;

/**
 * Names one organization. Spelled {@code org_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record OrgId(String value) implements Id {
  public OrgId {
    Ids.check("org", value);
  }

  public static OrgId next() {
    return new OrgId(Ids.next("org"));
  }

  @Override
  public String toString() {
    return value;
  }
}
