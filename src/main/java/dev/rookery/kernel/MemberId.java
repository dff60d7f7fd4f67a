package dev.rookery.kernel;

/**
 * Names one member of an organization. Spelled {@code mem_<32 hex digits of a UUIDv7>} everywhere:
 * database, journal, API.
 */
public record MemberId(String value) implements Id {
  public MemberId {
    Ids.check("mem", value);
  }

  public static MemberId next() {
    return new MemberId(Ids.next("mem"));
  }

  @Override
  public String toString() {
    return value;
  }
}
