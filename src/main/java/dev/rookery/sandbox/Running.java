package dev.rookery.sandbox;

import dev.rookery.posix.Libc;
import dev.rookery.sandbox.Outcome.Killed;
import dev.rookery.sandbox.Outcome.Why;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Limits;
import dev.rookery.sandbox.confinement.Plan;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A command under way, and how it is ended. */
final class Running {
  /** From the request to end to the kill: short enough that all is dead within five seconds. */
  static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  private final boolean ownNamespace;
  private final String marker;
  private final Limits limits;
  private final @Nullable StepRef step;
  private final long pid;
  private final long startedAt;
  private final CompletableFuture<Integer> exit;
  private final CompletableFuture<Killed> stop = new CompletableFuture<>();

  /** In tiers without a process namespace: all that it was ever seen to have started. */
  private final Set<Long> seen = ConcurrentHashMap.newKeySet();

  Running(Confinement confinement, Plan plan, @Nullable StepRef step, Started started) {
    this.ownNamespace = confinement.ownProcessNamespace();
    this.marker = plan.marker();
    this.limits = plan.limits();
    this.step = step;
    this.pid = started.pid();
    this.startedAt = ownNamespace ? 0 : ProcessTable.started(pid);
    this.exit = started.exit();
  }

  /** The process that was started for it. */
  record Started(long pid, CompletableFuture<Integer> exit) {}

  long pid() {
    return pid;
  }

  String marker() {
    return marker;
  }

  @Nullable StepRef step() {
    return step;
  }

  /** Asks for its end. The first reason counts. Returns at once. */
  void stop(Why why, String detail) {
    stop.complete(new Killed(why, detail));
  }

  /** Returns when it ended by itself, or was ended. */
  Outcome await() {
    try {
      long millis = limits.timeout().toMillis();
      CompletableFuture.anyOf(exit, stop).get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      stop(Why.TIMEOUT, "it took longer than " + limits.timeout().toSeconds() + " s");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      stop(Why.SHUTDOWN, "the server is stopping");
    } catch (ExecutionException e) {
      return new Outcome.LostContact("its end cannot be observed: " + e.getMessage());
    }
    if (exit.isDone() && !stop.isDone()) {
      killLeftovers();
      return new Outcome.Exit(exit.join());
    }
    return end(stop.join());
  }

  private Outcome end(Killed why) {
    signalAll(Libc.SIGTERM);
    if (!endsWithin(GRACE)) {
      signalAll(Libc.SIGKILL);
      Libc.kill(pid, Libc.SIGKILL);
      if (!endsWithin(AFTER_KILL)) {
        return new Outcome.LostContact("process " + pid + " did not die when it was killed");
      }
    }
    killLeftovers();
    return why;
  }

  /** Waits with the interrupt put aside: what was started is always ended. */
  private boolean endsWithin(Duration patience) {
    boolean interrupted = Thread.interrupted();
    try {
      exit.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException _) {
      return false;
    } catch (InterruptedException _) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Bubblewrap itself and the first process of its namespace are spared the polite signal: they
   * would take everything with them at once.
   */
  private void signalAll(int signal) {
    ProcessTable table = ProcessTable.now();
    if (ownNamespace) {
      for (ProcessTable.Entry first : table.childrenOf(pid)) {
        table.descendants(first.pid()).forEach(e -> Libc.kill(e.pid(), signal));
      }
    } else {
      members(table).forEach(member -> Libc.kill(member, signal));
      Libc.kill(pid, signal);
    }
  }

  /** With its process namespace all is dead; elsewhere what left the process tree is looked for. */
  private void killLeftovers() {
    if (ownNamespace) {
      return;
    }
    for (int round = 0; round < 20; round++) {
      Set<Long> left = members(ProcessTable.now());
      if (left.isEmpty()) {
        return;
      }
      left.forEach(
          each -> {
            Libc.kill(each, Libc.SIGKILL);
            Libc.reap(each);
          });
      Thread.onSpinWait();
    }
  }

  /**
   * By descent, by session, by the mark in the environment it started with, and by having been a
   * descendant once. A number that was given to another process meanwhile carries no mark.
   */
  private Set<Long> members(ProcessTable table) {
    Set<Long> members = new HashSet<>();
    table.descendants(pid).forEach(e -> members.add(e.pid()));
    table.session(pid).forEach(e -> members.add(e.pid()));
    table.marked(marker, startedAt).forEach(e -> members.add(e.pid()));
    for (long each : seen) {
      if (table.has(each) && ProcessTable.isConfined(each)) {
        members.add(each);
      }
    }
    members.remove(pid);
    return members;
  }

  /** Called four times a second. */
  void watch(ProcessTable table) {
    if (!ownNamespace) {
      table.descendants(pid).forEach(e -> seen.add(e.pid()));
    }
    long resident = table.resident(pid);
    if (resident > limits.memoryBytes()) {
      stop(
          Why.MEMORY,
          "it used %d MiB of memory, and may use %d"
              .formatted(resident >> 20, limits.memoryBytes() >> 20));
    }
  }

  /** Memory goes faster than a polite end would take. */
  boolean mustDieNow() {
    return stop.isDone() && stop.join().why() == Why.MEMORY;
  }
}
