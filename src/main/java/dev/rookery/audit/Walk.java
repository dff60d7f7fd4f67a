package dev.rookery.audit;

import dev.rookery.audit.AuditChain.Head;
import dev.rookery.audit.Verification.Broken;
import dev.rookery.audit.Verification.Flaw;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One verification: from the first record to the end as it was when it began. */
final class Walk {
  private final Database database;
  private final OrgId org;
  private final Audit.@Nullable Anchor anchor;
  private final int page;

  Walk(Database database, OrgId org, Audit.@Nullable Anchor anchor, int page) {
    this.database = database;
    this.org = org;
    this.anchor = anchor;
    this.page = page;
  }

  /** Where the chain says that it ends, and where it does. */
  private record Ends(Head head, long last) {}

  Verification verify() {
    Ends ends =
        database.read(org, tx -> new Ends(AuditStore.head(tx, org), AuditStore.last(tx, org)));
    Head seen = Head.NONE;
    while (seen.seq() < ends.last()) {
      long from = seen.seq();
      List<AuditRecord> records = database.read(org, tx -> AuditStore.after(tx, org, from, page));
      for (AuditRecord record : records) {
        Broken broken = seen.seq() < ends.last() ? fault(record, seen) : null;
        if (broken != null) {
          return broken;
        }
        seen = seen.seq() < ends.last() ? Head.of(record) : seen;
      }
      if (records.isEmpty()) {
        return cutOff(seen, ends.last());
      }
    }
    return end(seen, ends.head());
  }

  private @Nullable Broken fault(AuditRecord record, Head before) {
    long seq = before.seq() + 1;
    if (record.seq() != seq) {
      return new Broken(
          seq, Flaw.GAP, "Record %d is missing; the next is %d.".formatted(seq, record.seq()));
    }
    if (!AuditChain.hash(record).equals(record.link().hash())) {
      return new Broken(
          seq,
          Flaw.CHANGED,
          "Record %d was changed: its fields do not give its hash.".formatted(seq));
    }
    if (!record.link().previous().equals(before.hash())) {
      return new Broken(
          seq,
          Flaw.UNLINKED,
          "Record %d does not follow on record %d: one of them was written anew."
              .formatted(seq, seq - 1));
    }
    boolean anchored = anchor != null && anchor.seq() == seq;
    return anchored && anchor != null && !anchor.hash().equals(record.link().hash())
        ? new Broken(
            seq,
            Flaw.ANCHOR,
            "Record %d is not the one that was noted: the chain was written anew.".formatted(seq))
        : null;
  }

  private Verification end(Head seen, Head head) {
    if (head.seq() > seen.seq()) {
      return cutOff(seen, head.seq());
    }
    if (head.seq() < seen.seq()) {
      return new Broken(
          head.seq() + 1,
          Flaw.HEAD,
          "The chain ends with record %d by its head, but there are records up to %d."
              .formatted(head.seq(), seen.seq()));
    }
    if (!head.hash().equals(seen.hash())) {
      return new Broken(
          seen.seq(),
          Flaw.HEAD,
          "The head of the chain does not have the hash of record %d.".formatted(seen.seq()));
    }
    if (anchor != null && anchor.seq() > seen.seq()) {
      return new Broken(
          seen.seq() + 1,
          Flaw.ANCHOR,
          "The chain ends with record %d, but record %d was noted: its end is gone."
              .formatted(seen.seq(), anchor.seq()));
    }
    return new Verification.Whole(seen.seq(), seen.hash());
  }

  private static Broken cutOff(Head seen, long last) {
    return new Broken(
        seen.seq() + 1,
        Flaw.CUT_OFF,
        "The end is missing: there are records up to %d, and there were %d."
            .formatted(seen.seq(), last));
  }
}
