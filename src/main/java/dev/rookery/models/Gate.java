package dev.rookery.models;

import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The door to one provider: so many calls at once, and none while its breaker is open. */
final class Gate {
  private final Provider provider;
  private final int slots;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final Object lock = new Object();
  private final Queue<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
  private int taken;
  private BreakerRules.State breaker = BreakerRules.State.CLOSED;

  Gate(Provider provider, int slots, InstantSource clock, DoubleSupplier random) {
    this.provider = provider;
    this.slots = slots;
    this.clock = clock;
    this.random = random;
  }

  /** Makes one call, when a slot is free and the breaker closed. */
  ModelAnswer through(Cancellation cancellation, Supplier<ModelAnswer> call) {
    refuseWhileOpen();
    take(cancellation);
    try {
      refuseWhileOpen();
      return observed(call);
    } finally {
      release();
    }
  }

  /** When the breaker lets the next call through, or null when it is closed. */
  @Nullable Instant blockedUntil() {
    synchronized (lock) {
      return breaker.openAt(clock.instant()) ? breaker.openUntil() : null;
    }
  }

  int inFlight() {
    synchronized (lock) {
      return taken;
    }
  }

  private ModelAnswer observed(Supplier<ModelAnswer> call) {
    Instant began = clock.instant();
    try {
      ModelAnswer answer = call.get();
      synchronized (lock) {
        breaker = BreakerRules.afterSuccess(breaker, began);
      }
      return answer;
    } catch (ModelFailure failure) {
      throw failure.bearing() == Bearing.OVERLOAD ? open(failure, began) : failure;
    }
  }

  /** The failure, with a wait that outlasts the breaker: an earlier call would only be blocked. */
  private ModelFailure open(ModelFailure failure, Instant began) {
    synchronized (lock) {
      Instant now = clock.instant();
      breaker = BreakerRules.afterFailure(breaker, failure, began, now, random.getAsDouble());
      Duration left = Duration.between(now, breaker.openUntil());
      return new ModelFailure(
          failure.reason(), Bearing.OVERLOAD, String.valueOf(failure.getMessage()), left);
    }
  }

  private void refuseWhileOpen() {
    synchronized (lock) {
      Instant now = clock.instant();
      if (breaker.openAt(now)) {
        Duration left = Duration.between(now, breaker.openUntil());
        throw new ModelFailure(
            breaker.reason() == Reason.RATE_LIMITED ? Reason.RATE_LIMITED : Reason.UNAVAILABLE,
            Bearing.BLOCKED,
            provider.id()
                + " asked for fewer calls; the next one is made in "
                + left.toMillis()
                + " ms.",
            left);
      }
    }
  }

  private void take(Cancellation cancellation) {
    CompletableFuture<Boolean> turn = new CompletableFuture<>();
    synchronized (lock) {
      if (taken < slots) {
        taken++;
        turn.complete(true);
      } else {
        waiting.add(turn);
      }
    }
    try (var _ = cancellation.onCancel(() -> turn.complete(false))) {
      if (!turn.get()) {
        throw ModelFailure.cancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveBack(turn);
      throw ModelFailure.cancelled();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn never fails", e);
    }
  }

  /** After an interrupt: the turn may have come at that very moment. */
  private void giveBack(CompletableFuture<Boolean> turn) {
    if (!turn.complete(false) && turn.join()) {
      release();
    }
  }

  /** Cancelled turns stay in the queue and are passed over here. */
  private void release() {
    synchronized (lock) {
      CompletableFuture<Boolean> next;
      do {
        next = waiting.poll();
      } while (next != null && !next.complete(true));
      if (next == null) {
        taken--;
      }
    }
  }
}
