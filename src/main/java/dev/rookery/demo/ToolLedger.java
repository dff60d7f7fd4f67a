package dev.rookery.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the other side of the tools really did, and how often it was asked. The oracle of the
 * demonstration: it lives outside of the server that is killed.
 */
final class ToolLedger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Call> calls = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final Map<String, Effect> keyed = new LinkedHashMap<>();
  private String held = "";
  private String stopped = "";
  private boolean closed;

  /** One request, in order of arrival from 1; a lookup asks only whether something happened. */
  record Call(int number, String tool, String key, boolean lookup) {}

  /** Something that happened in the world, with what was answered. */
  record Effect(String tool, String key, String answer) {}

  void called(String tool, String key, boolean lookup) {
    change(() -> calls.add(new Call(calls.size() + 1, tool, key, lookup)));
  }

  /** Does it, whatever happened before. */
  Effect happen(String tool, String key, String answer) {
    return change(
        () -> {
          Effect effect = new Effect(tool, key, answer);
          effects.add(effect);
          keyed.putIfAbsent(tool + " " + key, effect);
          return effect;
        });
  }

  /** Does it once per key; a repeat is answered with what the first call was. */
  Effect happenOnce(String tool, String key, String answer) {
    return change(() -> found(tool, key).orElseGet(() -> happen(tool, key, answer)));
  }

  Optional<Effect> found(String tool, String key) {
    return read(() -> Optional.ofNullable(keyed.get(tool + " " + key)));
  }

  List<Call> calls() {
    return read(() -> List.copyOf(calls));
  }

  List<Effect> effects() {
    return read(() -> List.copyOf(effects));
  }

  /**
   * Calls of this tool take effect, but their answers are kept back until another tool is named; an
   * empty name means none.
   */
  void hold(String tool) {
    change(
        () -> {
          stopped = "";
          held = tool;
          return tool;
        });
  }

  /** Keeps the answer back, if it is to be. */
  void stopIfHeld(String tool) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (held.equals(tool)) {
        stopped = tool;
        changed.signalAll();
      }
      while (held.equals(tool) && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a call of this tool took effect and its answer is being kept back. */
  boolean awaitStopped(String tool, Duration atMost) throws InterruptedException {
    return await(() -> stopped.equals(tool), atMost);
  }

  void close() {
    change(
        () -> {
          closed = true;
          return true;
        });
  }

  /** Waits this long, unless the server closes. */
  void pause(Duration time) throws InterruptedException {
    await(() -> closed, time);
  }

  private boolean await(BooleanSupplier reached, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (!reached.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return reached.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  private <T> T read(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private <T> T change(Supplier<T> work) {
    return read(
        () -> {
          T result = work.get();
          changed.signalAll();
          return result;
        });
  }
}
