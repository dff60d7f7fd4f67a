package dev.rookery.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoopTest {
  private final Semaphore rounds = new Semaphore(0);

  @Test
  void an_error_is_counted_and_the_loop_goes_on() throws InterruptedException {
    AtomicInteger round = new AtomicInteger();
    try (Loop loop =
        Loop.start(
            "test",
            Duration.ofHours(1),
            () -> {
              rounds.release();
              if (round.incrementAndGet() == 1) {
                throw new IllegalStateException("planned");
              }
              return false;
            })) {
      assertThat(rounds.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
      assertThat(loop.errors()).isEqualTo(1);
      assertThat(loop.alive()).isTrue();
    }
  }

  @Test
  void a_wake_during_a_round_is_not_lost() throws InterruptedException {
    Semaphore go = new Semaphore(0);
    try (Loop loop =
        Loop.start(
            "test",
            Duration.ofHours(1),
            () -> {
              rounds.release();
              go.acquire();
              return false;
            })) {
      assertThat(rounds.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      loop.wake();
      go.release();
      assertThat(rounds.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      go.release();
    }
  }
}
