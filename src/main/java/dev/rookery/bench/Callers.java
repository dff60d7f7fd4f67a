package dev.rookery.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Several threads that share a number of calls. */
final class Callers {
  private Callers() {}

  /** Makes calls 0 to {@code count - 1}, each once; returns when all are made. */
  static void each(int threads, int count, IntConsumer call) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ends.add(callers.submit(() -> callAll(next, count, call)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw new Mismatch("A call failed: " + e.getCause());
    }
  }

  private static void callAll(AtomicInteger next, int count, IntConsumer call) {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      call.accept(i);
    }
  }
}
