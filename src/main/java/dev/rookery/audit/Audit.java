package dev.rookery.audit;

import dev.rookery.audit.AuditChain.Head;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log: who changed what, in a chain that shows whether somebody changed it later. */
public final class Audit {
  private static final int PAGE = 1_000;

  private final Database database;

  public Audit(Database database) {
    this.database = database;
  }

  /**
   * Lengthens the chain. The last statements of a transaction, because they lock its end until the
   * commit; before those of the journal, which wait for nobody. Only the journal calls this: what
   * is in it and was somebody's deed is here too.
   */
  public static void record(Tx tx, OrgId org, List<Deed> deeds) {
    Head head = AuditStore.lockHead(tx, org);
    for (Deed deed : deeds) {
      AuditRecord record = AuditChain.next(org, deed, tx.now(), head);
      AuditStore.insert(tx, org, record);
      head = Head.of(record);
    }
    AuditStore.moveHead(tx, org, head);
  }

  /**
   * Which records; null means any.
   *
   * @param actor id, name or kind of who did it
   * @param action how the action begins, such as {@code policy.}
   * @param to exclusive
   */
  public record Filter(
      @Nullable String actor,
      @Nullable String action,
      @Nullable String subject,
      @Nullable Instant from,
      @Nullable Instant to) {
    public static final Filter ALL = new Filter(null, null, null, null, null);
  }

  /**
   * Which of them.
   *
   * @param before number of the last record of the page before; null for the first page
   */
  public record Page(@Nullable Long before, int limit) {}

  /** Newest first. */
  public List<AuditRecord> list(OrgId org, Filter filter, Page page) {
    return database.read(org, tx -> AuditStore.list(tx, org, filter, page));
  }

  /** Oldest first, those with a greater number; for exports. */
  public List<AuditRecord> after(OrgId org, long seq, int limit) {
    return database.read(org, tx -> AuditStore.after(tx, org, seq, limit));
  }

  /**
   * @throws Refusal {@code audit-record-not-found}
   */
  public AuditRecord find(OrgId org, long seq) {
    return database
        .read(org, tx -> AuditStore.find(tx, org, seq))
        .orElseThrow(
            () ->
                new Refusal(
                    Refusal.Kind.NOT_FOUND,
                    "audit-record-not-found",
                    "There is no audit record " + seq + ". List them with: rookery audit list"));
  }

  /** What was noted elsewhere about an earlier verification. */
  public record Anchor(long seq, String hash) {}

  /** Walks the whole chain, in pages; what is written meanwhile is not looked at. */
  public Verification verify(OrgId org) {
    return verify(org, null);
  }

  /**
   * As {@link #verify(OrgId)}; the record of that number must also have the hash that was noted.
   * That finds a chain that was written anew from the beginning, or cut off with its end.
   */
  public Verification verify(OrgId org, @Nullable Anchor anchor) {
    return new Walk(database, org, anchor, PAGE).verify();
  }
}
