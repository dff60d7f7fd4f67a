package dev.rookery.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for another thread's answer and throws its error as if it were thrown here. */
final class Waiting {
  private Waiting() {}

  /** Uninterruptible: whoever asked for a transaction must learn what became of it. */
  static <T> T on(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        cause.addSuppressed(new AskedHere());
        throw cause;
      }
      throw e;
    }
  }

  /** Shows the caller's stack next to the writer's. */
  private static final class AskedHere extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
