package dev.rookery.bench;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many durable transactions of one small row a database takes: what accepting is held against.
 */
final class RawCommits implements AutoCloseable {
  private final Database database;
  private final OrgId org = OrgId.next();
  private final AtomicLong rows = new AtomicLong();
  private final String nonce = Long.toString(System.nanoTime(), 36) + "-";

  /** The database is closed with this. */
  RawCommits(Database database) {
    this.database = database;
    database.writeAcrossOrgs(BenchStore::makeTable);
  }

  /** Commits per second of this many threads, each waiting for its own. */
  double perSecond(int threads, Duration time) throws InterruptedException {
    long before = rows.get();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ends.add(writers.submit(() -> writeUntil(end)));
      }
      for (Future<?> writer : ends) {
        writer.get();
      }
    } catch (ExecutionException e) {
      throw new Mismatch("A row could not be written: " + e.getCause());
    }
    return (rows.get() - before) / ((System.nanoTime() - start) / 1e9);
  }

  private void writeUntil(long end) {
    while (System.nanoTime() < end) {
      String id = nonce + rows.incrementAndGet();
      database.write(org, tx -> BenchStore.insertRow(tx, id));
    }
  }

  @Override
  public void close() {
    database.writeAcrossOrgs(BenchStore::dropTable);
    database.close();
  }
}
