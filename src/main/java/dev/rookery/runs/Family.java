package dev.rookery.runs;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs that other runs started, as the room of workers sees them. Whoever locks several runs of a
 * tree begins at its top.
 */
public final class Family {
  /** Why a run waits whose step is done by children. */
  public static final String CHILDREN = FamilyStore.CHILDREN;

  private final Runnable ready;
  private final Canceller canceller;
  private final List<BiConsumer<Tx, Ended>> listeners = new CopyOnWriteArrayList<>();

  /** Cancels a run because its parent is over. */
  interface Canceller {
    void cancel(Tx tx, Run run, String by);
  }

  /**
   * A run that is over now and that another had started.
   *
   * @param run as it was before
   * @param lastWords its reply; empty when it gave none
   * @param withParent whether it was cancelled because its parent is over
   */
  public record Ended(Run run, Run.Status status, String lastWords, boolean withParent) {}

  Family(Runnable ready, Canceller canceller) {
    this.ready = ready;
    this.canceller = canceller;
  }

  /** Called in the commit in which a child ends, which holds its parent's row. */
  public void onEnded(BiConsumer<Tx, Ended> listener) {
    listeners.add(listener);
  }

  void ended(Tx tx, Ended ended) {
    if (ended.run().origin().lineage().child() != null) {
      listeners.forEach(listener -> listener.accept(tx, ended));
    }
  }

  /**
   * What the failed run waits for is waited for no more; what it left in the background goes on.
   */
  void abandon(Tx tx, Run parent) {
    for (RunId id : FamilyStore.open(tx, parent.org(), parent.id())) {
      Run child = RunStore.lock(tx, parent.org(), id).orElseThrow();
      Lineage.Child how = child.origin().lineage().child();
      if (how != null && !how.background()) {
        canceller.cancel(tx, child, "the end of " + parent.id() + ", which waited for it");
      }
    }
  }

  void lockParent(Tx tx, Run child) {
    RunId parent = child.origin().lineage().parent();
    if (parent != null) {
      Optional<Run> _ = RunStore.lock(tx, child.org(), parent);
    }
  }

  public Optional<Run> find(Tx tx, OrgId org, RunId run) {
    return RunStore.find(tx, org, run);
  }

  /** The run, with its row locked until commit. */
  public Optional<Run> lock(Tx tx, OrgId org, RunId run) {
    return RunStore.lock(tx, org, run);
  }

  /**
   * The run as {@link #lock}, if it is still that of the caller: not over, and under this fence.
   * What is begun for it in this transaction is seen by whoever cancels it.
   */
  public Optional<Run> held(Tx tx, OrgId org, RunId run, long fence) {
    return lock(tx, org, run)
        .filter(it -> it.status().state() == RunState.RUNNING && it.lease().fence() == fence);
  }

  /** Whether a step of the run was begun and is not over. */
  public boolean underWay(Tx tx, OrgId org, RunId run, int step) {
    return FamilyStore.underWay(tx, org, run, step);
  }

  /** A run that waits for {@link #CHILDREN} looks at them as soon as this commits. */
  public void wake(Tx tx, OrgId org, RunId parent) {
    FamilyStore.wake(tx, org, parent);
    tx.afterCommit(ready);
  }

  /** A person's time to think is neither the child's nor its ancestors'. */
  void extend(Tx tx, Run child, long deadline) {
    Lineage.@Nullable Child how = child.origin().lineage().child();
    if (how != null) {
      FamilyStore.extend(tx, child.org(), how.path(), deadline);
    }
  }
}
