package dev.rookery.kernel;

/**
 * Names one approval. Spelled {@code apr_<32 hex digits of a UUIDv7>} everywhere: database,
 * journal, API.
 */
public record ApprovalId(String value) implements Id {
  public ApprovalId {
    Ids.check("apr", value);
  }

  public static ApprovalId next() {
    return new ApprovalId(Ids.next("apr"));
  }

  @Override
  public String toString() {
    return value;
  }
}
