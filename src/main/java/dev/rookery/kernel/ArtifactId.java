package dev.rookery.kernel;

/**
 * Names one artifact. Spelled {@code art_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record ArtifactId(String value) implements Id {
  public ArtifactId {
    Ids.check("art", value);
  }

  public static ArtifactId next() {
    return new ArtifactId(Ids.next("art"));
  }

  @Override
  public String toString() {
    return value;
  }
}
