package dev.rookery.runs;

import dev.rookery.models.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** Stops what a run is doing now: its model stream, its tool call. Fires once; says why. */
final class StopSignal implements Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean fired;

  void fire() {
    List<Runnable> toRun;
    synchronized (actions) {
      if (fired) {
        return;
      }
      fired = true;
      toRun = List.copyOf(actions);
      actions.clear();
    }
    toRun.forEach(Runnable::run);
  }

  @Override
  public boolean cancelled() {
    synchronized (actions) {
      return fired;
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    synchronized (actions) {
      if (!fired) {
        actions.add(action);
        return () -> {
          synchronized (actions) {
            actions.remove(action);
          }
        };
      }
    }
    action.run();
    return () -> {};
  }
}
