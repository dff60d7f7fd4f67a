package dev.rookery.cli;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls a server that may be restarting: tries again, and says so once. */
final class Patience {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Duration limit;
  private final Consumer<String> notice;

  /**
   * @param limit how long a server may be away
   */
  Patience(Duration limit, Consumer<String> notice) {
    this.limit = limit;
    this.notice = notice;
  }

  void tell(String text) {
    notice.accept(text);
  }

  /** The request must be safe to repeat. */
  <T> T call(Supplier<T> request) {
    return call(request, notice);
  }

  /** For what failed once already and was told: begins with a pause, and says nothing. */
  <T> T again(Supplier<T> request) {
    pause(FIRST_PAUSE);
    return call(request, _ -> {});
  }

  private <T> T call(Supplier<T> request, Consumer<String> told) {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    boolean away = false;
    while (true) {
      try {
        T answer = request.get();
        if (away) {
          told.accept("· the server is back");
        }
        return answer;
      } catch (CliFailure failure) {
        if (!failure.mayPass() || System.nanoTime() - start > limit.toNanos()) {
          throw failure;
        }
        if (!away) {
          told.accept("· the server does not answer; trying again …");
          away = true;
        }
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
  }

  /** A chance shorter, so that clients that lost the same server do not come back all at once. */
  private static void pause(Duration pause) {
    try {
      Thread.sleep(
          Duration.ofMillis(
              ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
  }
}
