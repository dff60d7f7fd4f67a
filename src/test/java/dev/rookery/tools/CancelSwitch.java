package dev.rookery.tools;

import dev.rookery.models.Cancellation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cancellation that a test fires by hand. */
final class CancelSwitch implements Cancellation {
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean fired;

  void fire() {
    fired = true;
    actions.forEach(Runnable::run);
  }

  @Override
  public boolean cancelled() {
    return fired;
  }

  @Override
  public Registration onCancel(Runnable action) {
    actions.add(action);
    return () -> actions.remove(action);
  }
}
