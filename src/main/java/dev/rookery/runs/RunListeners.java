package dev.rookery.runs;

import dev.rookery.kernel.RunId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to know what happens to runs; all of them are quick. */
final class RunListeners {
  private final List<Runnable> ready = new CopyOnWriteArrayList<>();
  private final List<Consumer<RunId>> cancelled = new CopyOnWriteArrayList<>();
  private final List<Consumer<TokenDelta>> tokens = new CopyOnWriteArrayList<>();

  /** Called after each commit that made a run ready. */
  void onReady(Runnable listener) {
    ready.add(listener);
  }

  /** Called after each cancel. */
  void onCancelled(Consumer<RunId> listener) {
    cancelled.add(listener);
  }

  /** Called on the threads of runs. */
  void onToken(Consumer<TokenDelta> listener) {
    tokens.add(listener);
  }

  void ready() {
    ready.forEach(Runnable::run);
  }

  void cancelled(RunId run) {
    cancelled.forEach(listener -> listener.accept(run));
  }

  void said(TokenDelta delta) {
    tokens.forEach(listener -> listener.accept(delta));
  }
}
