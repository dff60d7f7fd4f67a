package dev.rookery.models;

import java.util.ArrayList;
import java.util.List;

/**
 * A signal that its holder fires, at most once, to stop what goes on: a model stream, a tool call.
 */
public final class StopSignal implements Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean fired;

  /** Runs the actions that were registered, on this thread. Firing again does nothing. */
  public void fire() {
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
