package dev.rookery.sandbox.confinement;

import dev.rookery.posix.SpawnFailure;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that starts processes, for as long as the server lives. {@code bwrap
 * --die-with-parent} is bound to the thread that starts it: from a thread that ends, a sandbox
 * would die at random.
 *
 * <p>As root the thread has a mount namespace of its own, in which the homes are bound to a place
 * that the agents' users can reach. No other thread may inherit that, so this thread starts none,
 * and answers through a plain monitor: completing a future could start a carrier of virtual
 * threads.
 */
final class Spawner {
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean stopping;

  private Spawner(Runnable first) {
    Job preparation =
        new Job(
            () -> {
              first.run();
              return 0;
            });
    jobs.add(preparation);
    this.thread = Thread.ofPlatform().name("sandbox-spawner").daemon(true).unstarted(this::run);
    thread.start();
    preparation.await();
  }

  /**
   * Starts the thread and runs the preparation on it.
   *
   * @throws SpawnFailure of the preparation
   */
  static Spawner start(Runnable preparation) {
    return new Spawner(preparation);
  }

  /** Runs the start on the thread; returns the process id. */
  long spawn(LongSupplier start) {
    Job job = new Job(start);
    jobs.add(job);
    return job.await();
  }

  private void run() {
    while (!stopping) {
      try {
        jobs.take().run();
      } catch (InterruptedException e) {
        // Nobody interrupts it for a reason: sandboxes would die with it.
      }
    }
  }

  /** Once nothing that it started lives any more: bubblewrap would die with the thread. */
  void close() {
    stopping = true;
    jobs.add(new Job(() -> 0));
  }

  /** A start, and its answer. */
  static final class Job {
    private final LongSupplier work;
    private @Nullable Throwable failure;
    private long answer;
    private boolean done;

    Job(LongSupplier work) {
      this.work = work;
    }

    void run() {
      long found = 0;
      Throwable thrown = null;
      try {
        found = work.getAsLong();
      } catch (RuntimeException | Error e) {
        thrown = e;
      }
      synchronized (this) {
        answer = found;
        failure = thrown;
        done = true;
        notifyAll();
      }
    }

    synchronized long await() {
      boolean interrupted = false;
      while (!done) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw new SpawnFailure(String.valueOf(failure.getMessage()));
      }
      return answer;
    }
  }
}
