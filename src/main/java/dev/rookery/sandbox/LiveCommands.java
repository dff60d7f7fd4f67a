package dev.rookery.sandbox;

import dev.rookery.kernel.RunId;
import dev.rookery.ops.Loop;
import dev.rookery.posix.Libc;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.Outcome.Why;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All commands under way on this node: watched, and ended when their run is over. */
final class LiveCommands implements AutoCloseable {
  private static final Duration GLANCE = Duration.ofMillis(250);
  private static final int BE_FOSTER_PARENT = 36;

  private final Set<Running> all = ConcurrentHashMap.newKeySet();
  private final ReentrantReadWriteLock starting = new ReentrantReadWriteLock();
  private final boolean adopts;
  private final Loop loop;
  private volatile boolean closed;

  /**
   * @param adopts whether the tier has no process namespace: orphans then become children of the
   *     server, where they are found
   */
  LiveCommands(boolean adopts) {
    this.adopts = adopts;
    if (adopts) {
      Libc.prctl(BE_FOSTER_PARENT, 1);
    }
    this.loop = Loop.start("sandbox-watch", GLANCE, this::watch);
  }

  Loop loop() {
    return loop;
  }

  /** Starts a command; nothing is swept while one is half started. */
  <T> T starting(Supplier<T> start) {
    starting.readLock().lock();
    try {
      if (closed) {
        throw new SpawnFailure("the server is stopping");
      }
      return start.get();
    } finally {
      starting.readLock().unlock();
    }
  }

  void add(Running running) {
    all.add(running);
  }

  void remove(Running running) {
    all.remove(running);
  }

  int count(Predicate<Running> which) {
    return (int) all.stream().filter(which).count();
  }

  void stop(Predicate<Running> which, Why why, String detail) {
    all.stream().filter(which).forEach(r -> r.stop(why, detail));
  }

  /** Ends what the run started under an older fence. */
  void supersede(RunId run, long fence) {
    stop(r -> isOlder(r.step(), run, fence), Why.SUPERSEDED, "its run was taken over");
  }

  private static boolean isOlder(@Nullable StepRef step, RunId run, long fence) {
    return step != null && step.run().equals(run) && step.fence() < fence;
  }

  static boolean isOf(RunId run, @Nullable StepRef step) {
    return step != null && step.run().equals(run);
  }

  private boolean watch() {
    if (all.isEmpty() && !adopts) {
      return false;
    }
    ProcessTable table = ProcessTable.now();
    for (Running running : all) {
      running.watch(table);
      if (running.mustDieNow()) {
        Libc.kill(running.pid(), Libc.SIGKILL);
      }
    }
    if (adopts) {
      endStrays();
    }
    return false;
  }

  /**
   * A confined child of ours that we did not start has outlived its parent. One whose command is
   */
  private void endStrays() {
    starting.writeLock().lock();
    try {
      for (ProcessTable.Entry child :
          ProcessTable.now().childrenOf(ProcessHandle.current().pid())) {
        if (!isOurs(child.pid()) && ProcessTable.isConfined(child.pid())) {
          Libc.kill(child.pid(), Libc.SIGKILL);
          Libc.reap(child.pid());
        }
      }
    } finally {
      starting.writeLock().unlock();
    }
  }

  private boolean isOurs(long pid) {
    return all.stream().anyMatch(r -> r.pid() == pid || ProcessTable.isMarked(pid, r.marker()));
  }

  /** Ends all; returns when their callers have been told, or after ten seconds. */
  @Override
  public void close() {
    starting.writeLock().lock();
    try {
      closed = true;
    } finally {
      starting.writeLock().unlock();
    }
    stop(_ -> true, Why.SHUTDOWN, "the server is stopping");
    awaitNone(_ -> true, Running.GRACE.multipliedBy(2).plusSeconds(1));
    loop.close();
  }

  /** Waits until the callers of these have been told. */
  void awaitNone(Predicate<Running> which, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (all.stream().anyMatch(which) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
