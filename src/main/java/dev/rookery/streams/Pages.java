package dev.rookery.streams;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.OrgId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Pages of the past. Records never change, so that a thousand clients that come back at the same
 * time cost about as much as one.
 */
final class Pages {
  static final int SIZE = 256;
  private static final int KEPT = 32;
  private static final long MAX_WEIGHT = 1 << 20;

  private final Journal journal;
  private final Map<Key, FutureTask<List<Slot>>> pages = new LinkedHashMap<>(KEPT, 0.75f, true);

  /** Records {@code number * SIZE + 1} to {@code (number + 1) * SIZE}. */
  private record Key(OrgId org, long number) {}

  Pages(Journal journal) {
    this.journal = journal;
  }

  /**
   * Some of the records after that number, in order and without a gap; empty when there are none.
   *
   * @throws dev.rookery.store.StorageUnavailable when the database is away
   */
  List<Slot> after(OrgId org, long seq) throws InterruptedException {
    Key key = new Key(org, seq / SIZE);
    FutureTask<List<Slot>> task = task(key);
    task.run();
    boolean keep = false;
    try {
      List<Slot> page = task.get();
      keep = page.size() == SIZE && page.stream().mapToLong(Slot::weight).sum() <= MAX_WEIGHT;
      int from = (int) (seq % SIZE);
      return from >= page.size() ? List.of() : page.subList(from, page.size());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      if (!keep) {
        forget(key, task);
      }
    }
  }

  private synchronized FutureTask<List<Slot>> task(Key key) {
    FutureTask<List<Slot>> task =
        pages.computeIfAbsent(key, k -> new FutureTask<>(() -> read(k.org(), k.number())));
    if (pages.size() > KEPT) {
      pages.remove(pages.keySet().iterator().next());
    }
    return task;
  }

  private synchronized void forget(Key key, FutureTask<List<Slot>> task) {
    pages.remove(key, task);
  }

  /** Nobody reads any more. */
  synchronized void clear() {
    pages.clear();
  }

  private List<Slot> read(OrgId org, long number) {
    return journal.after(org, number * SIZE, SIZE).stream().map(Slot::of).toList();
  }
}
