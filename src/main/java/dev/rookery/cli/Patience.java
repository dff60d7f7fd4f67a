package dev.rookery.cli;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls a server that may be restarting: tries again, and says so once. */
final class Patience {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final Duration limit;
  private final Consumer<String> notice;

  /**
   * @param limit how long a server may be away
   */
  Patience(Duration limit, Consumer<String> notice) {
    this.limit = limit;
    this.notice = notice;
  }

  /** The request must be safe to repeat. */
  <T> T call(Supplier<T> request) {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    while (true) {
      try {
        T answer = request.get();
        if (told) {
          notice.accept("· the server is back");
        }
        return answer;
      } catch (CliFailure failure) {
        if (!failure.mayPass() || System.nanoTime() - start > limit.toNanos()) {
          throw failure;
        }
        if (!told) {
          notice.accept("· the server does not answer; trying again …");
          told = true;
        }
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
  }
}
