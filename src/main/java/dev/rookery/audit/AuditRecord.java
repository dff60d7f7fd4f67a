package dev.rookery.audit;

import dev.rookery.kernel.OrgId;

/**
 * One link of the chain.
 *
 * @param seq 1, 2, 3 … per organization, without gaps
 * @param at epoch milliseconds of the database clock
 * @param action the kind of the journal entry that was written in the same commit
 * @param data canonical JSON, as a text: what was hashed
 */
public record AuditRecord(
    OrgId org, long seq, long at, Who who, String action, String subject, String data, Link link) {

  /**
   * Who did it.
   *
   * @param kind {@code key}, {@code member}, {@code contact}, {@code agent} or {@code command_line}
   * @param id of the key, member or agent, or the channel's identity of a contact
   * @param name for people; of an agent the id of its run
   */
  public record Who(String kind, String id, String name) {}

  /**
   * What makes it a chain.
   *
   * @param previous the hash of the record before; 64 zeros for the first
   * @param hash SHA-256 in hex, see {@link AuditChain}
   */
  public record Link(String previous, String hash) {}
}
