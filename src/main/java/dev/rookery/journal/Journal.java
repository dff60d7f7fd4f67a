package dev.rookery.journal;

import dev.rookery.audit.Audit;
import dev.rookery.audit.AuditRules;
import dev.rookery.audit.Deed;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The front door of the journal. Entries are collected during a transaction and recorded in its
 * last statement. The number says the order of commits: what a commit found done has a smaller one.
 *
 * <p>Where transactions commit side by side, nobody waits for a number. Entries are committed
 * without one; whoever commits and finds no other numbering, or reads, numbers what is committed by
 * then. Numbers become visible together with all smaller ones, so a reader misses nothing.
 */
public final class Journal {
  private final Database database;
  private final Signals signals = new Signals();

  public Journal(Database database) {
    this.database = database;
  }

  /**
   * Records the entry if and only if the transaction commits; in the audit log too, when somebody
   * from outside did it ({@link AuditRules}).
   */
  public void append(Tx tx, OrgId org, JournalEntry entry) {
    Pending pending =
        tx.attachment(
            this,
            () -> {
              Pending made = new Pending();
              tx.atCommit(() -> made.record(tx));
              return made;
            });
    if (pending.add(tx, org, entry)) {
      tx.afterCommit(() -> signals.raise(org));
    }
  }

  private static void record(Tx tx, OrgId org, List<JournalEntry> entries) {
    if (!tx.dialect().sideBySide()) {
      JournalStore.append(tx, org, entries);
    } else if (WaitingEntryStore.append(tx, org, entries)) {
      WaitingEntryStore.number(tx, org);
    }
  }

  /** Up to {@code limit} records with a number greater than {@code seq}, in order. */
  public List<JournalRecord> after(OrgId org, long seq, int limit) {
    number(org);
    return database.read(org, tx -> JournalStore.after(tx, org, seq, limit));
  }

  /** All records about one subject, in order. */
  public List<JournalRecord> about(OrgId org, String subject, int limit) {
    number(org);
    return database.read(org, tx -> JournalStore.about(tx, org, subject, limit));
  }

  /** The number of the newest record about one subject; 0 when there is none. */
  public long last(OrgId org, String subject) {
    number(org);
    return database.read(org, tx -> JournalStore.last(tx, org, subject));
  }

  /** The number of the newest record; 0 when there is none. */
  public long head(OrgId org) {
    number(org);
    return database.read(org, tx -> JournalStore.head(tx, org));
  }

  private void number(OrgId org) {
    if (database.dialect().sideBySide()
        && database.read(org, tx -> WaitingEntryStore.any(tx, org))) {
      database.write(org, tx -> WaitingEntryStore.numberAll(tx, org));
    }
  }

  /**
   * As {@link #after}, but waits for the first record when there is none yet. On several nodes the
   * wait polls, as another node's commits raise no signal here.
   */
  public List<JournalRecord> await(OrgId org, long seq, int limit, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long seen = signals.current(org);
      List<JournalRecord> records = after(org, seq, limit);
      long left = deadline - System.nanoTime();
      if (!records.isEmpty() || left <= 0) {
        return records;
      }
      signals.awaitChange(org, seen, Duration.ofNanos(left));
    }
  }

  /**
   * Runs the action after each commit that recorded something for the organization. Must not block.
   */
  public Signals.Subscription onCommit(OrgId org, Runnable action) {
    return signals.subscribe(org, action);
  }

  /**
   * What a transaction has to record; one across organizations has something for several. Every
   * transaction locks in the same order: the ends of the audit chains, by organization, and then
   * what numbers the journal, for which nobody waits who holds anything.
   */
  private static final class Pending {
    private final TreeMap<String, Share> shares = new TreeMap<>();

    private record Share(OrgId org, List<JournalEntry> entries, List<Deed> deeds) {}

    /** Whether it is the first for the organization. */
    boolean add(Tx tx, OrgId org, JournalEntry entry) {
      boolean first = !shares.containsKey(org.value());
      Share share =
          shares.computeIfAbsent(
              org.value(), _ -> new Share(org, new ArrayList<>(), new ArrayList<>()));
      share.entries().add(entry);
      if (AuditRules.audited(tx.actor(), entry.kind(), entry.subject())) {
        share.deeds().add(new Deed(tx.actor(), entry.kind(), entry.subject(), entry.data()));
      }
      return first;
    }

    void record(Tx tx) {
      for (Share share : shares.values()) {
        if (!share.deeds().isEmpty()) {
          Audit.record(tx, share.org(), share.deeds());
        }
      }
      shares.values().forEach(share -> Journal.record(tx, share.org(), share.entries()));
    }
  }
}
