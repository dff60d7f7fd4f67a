package dev.rookery.api;

import dev.rookery.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node can take work: the database commits and every loop turns. The answer is kept
 * for half a second, because anybody may ask.
 */
final class Readiness implements AutoCloseable {
  private static final long KEPT_NANOS = Duration.ofMillis(500).toNanos();
  private static final int PATIENCE_SECONDS = 2;

  private final Database database;
  private final Vitals vitals;
  private final ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable List<String> problems;
  private long askedAt;

  Readiness(Database database, Vitals vitals) {
    this.database = database;
    this.vitals = vitals;
  }

  /** What is wrong; empty when ready. */
  List<String> problems() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      List<String> known = problems;
      if (known != null && System.nanoTime() - askedAt < KEPT_NANOS) {
        return known;
      }
      List<String> fresh = probe();
      problems = fresh;
      askedAt = System.nanoTime();
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  private List<String> probe() throws InterruptedException {
    List<String> found = new ArrayList<>();
    Future<Boolean> commit = probes.submit(() -> database.writeAcrossOrgs(_ -> true));
    try {
      commit.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      commit.cancel(true);
      found.add("the database does not answer");
    } catch (ExecutionException e) {
      found.add("the database cannot be written");
    }
    vitals.loops().stream()
        .filter(loop -> !loop.alive())
        .forEach(loop -> found.add("the loop " + loop.name() + " stands still"));
    return List.copyOf(found);
  }

  @Override
  public void close() {
    probes.shutdownNow();
  }
}
