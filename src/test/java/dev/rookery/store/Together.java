package dev.rookery.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs work on many threads that all start at the same moment. */
public final class Together {
  private Together() {}

  /** The results in the order of the threads' numbers; fails when one takes over a minute. */
  public static <T> List<T> on(int threads, IntFunction<T> work) {
    CountDownLatch ready = new CountDownLatch(threads);
    List<CompletableFuture<T>> answers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        int number = i;
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  ready.countDown();
                  await(ready);
                  return work.apply(number);
                },
                pool));
      }
      return answers.stream().map(a -> a.orTimeout(60, TimeUnit.SECONDS).join()).toList();
    }
  }

  public static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("waited a minute for the other threads");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
