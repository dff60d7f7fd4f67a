package dev.rookery.activation;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for the end of a delay or for a gate's answer. They are rows, so that a restart
 * loses none, and of several nodes one serves each.
 */
public final class Waits {
  private final Database database;
  private final Journal journal;

  Waits(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** What is not decided yet in an organization, the next due first. */
  public List<Wait> open(OrgId org, int limit) {
    return database.read(org, tx -> WaitStore.open(tx, org, limit));
  }

  /** A wait begins. For dispatch, in the commit that marks the event as dispatched. */
  public void begin(Tx tx, OrgId org, Wait wait) {
    WaitStore.insert(tx, org, wait);
    journal.append(
        tx,
        org,
        new JournalEntry(
                "activation.waiting",
                wait.key().event().value(),
                wait.conversation(),
                Json.object()
                    .put("policy", wait.key().policy().value())
                    .put("agent", wait.agent().value())
                    .put("due_at", wait.dueAt()))
            .of(wait.agent()));
  }

  /** Undecided ambient waits of a conversation; nobody else serves or ends them before commit. */
  public List<Wait> ambientIn(Tx tx, OrgId org, String conversation) {
    return WaitStore.ambientIn(tx, org, conversation);
  }

  /** Its delay begins anew; an answer that is under way is not heard. */
  public void restart(Tx tx, Wait wait, long dueAt) {
    WaitStore.schedule(tx, wait.org(), wait.key(), dueAt);
  }

  /** It is decided. Where money may be reserved for a question, the row stays until that is not. */
  public void end(Tx tx, Wait wait) {
    Wait.Progress progress = wait.progress();
    if (progress.asking()) {
      WaitStore.progress(
          tx,
          wait.org(),
          wait.key(),
          new Wait.Progress(progress.fence(), progress.attempts(), true, true));
    } else {
      WaitStore.delete(tx, wait.org(), wait.key());
    }
  }

  /**
   * Takes waits that are due, for so long; after that another node takes those that are not over.
   */
  public List<Wait> claim(int limit, Duration lease) {
    if (!database.readAcrossOrgs(WaitStore::anyDue)) {
      return List.of();
    }
    return database.writeAcrossOrgs(
        tx -> {
          List<Wait> due = WaitStore.due(tx, limit);
          due.forEach(w -> WaitStore.schedule(tx, w.org(), w.key(), tx.now() + lease.toMillis()));
          return due.stream().map(Waits::claimed).toList();
        });
  }

  private static Wait claimed(Wait w) {
    Wait.Progress p = w.progress();
    return w.in(new Wait.Progress(p.fence() + 1, p.attempts(), p.asking(), p.decided()));
  }

  /** The claimed wait as it is now, locked until commit; empty when it is another's or over. */
  public Optional<Wait> held(Tx tx, Wait claimed) {
    return WaitStore.lock(tx, claimed.org(), claimed.key())
        .filter(w -> w.progress().fence() == claimed.progress().fence());
  }

  /** The gate is about to be asked once more. */
  public Wait asking(Tx tx, Wait w) {
    Wait.Progress p = w.progress();
    Wait.Progress asking = new Wait.Progress(p.fence(), p.attempts() + 1, true, false);
    WaitStore.progress(tx, w.org(), w.key(), asking);
    return w.in(asking);
  }

  /** Somebody else may take it, so long from now. */
  public void giveBack(Tx tx, Wait claimed, Duration pause) {
    held(tx, claimed)
        .ifPresent(w -> WaitStore.leave(tx, w.org(), w.key(), tx.now() + pause.toMillis()));
  }

  /** Its money is settled, and if it is decided nothing is left of it. */
  public void settled(Tx tx, Wait wait) {
    Wait now = WaitStore.lock(tx, wait.org(), wait.key()).orElse(null);
    if (now == null || now.progress().attempts() != wait.progress().attempts()) {
      return;
    }
    if (now.progress().decided()) {
      WaitStore.delete(tx, wait.org(), wait.key());
    } else {
      Wait.Progress p = now.progress();
      WaitStore.progress(
          tx, wait.org(), wait.key(), new Wait.Progress(p.fence(), p.attempts(), false, false));
    }
  }

  /** The agent that claimed a line, or null. */
  public @Nullable AgentId claimant(Tx tx, OrgId org, String conversation, EventId event) {
    return WaitStore.claimant(tx, org, conversation, event).orElse(null);
  }

  /** Claims the line of a wait for its agent, unless another was first; says who has it. */
  public AgentId claimLine(Tx tx, Wait wait) {
    WaitStore.claim(tx, wait.org(), wait);
    return WaitStore.claimant(tx, wait.org(), wait.conversation(), wait.key().event())
        .orElseThrow(() -> new IllegalStateException("no claim of " + wait.key()));
  }
}
