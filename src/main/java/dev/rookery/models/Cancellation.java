package dev.rookery.models;

/** A signal that an ongoing call should stop. Fires at most once. */
public interface Cancellation {
  Cancellation NEVER =
      new Cancellation() {
        @Override
        public boolean cancelled() {
          return false;
        }

        @Override
        public Registration onCancel(Runnable action) {
          return () -> {};
        }
      };

  boolean cancelled();

  /**
   * Runs the action when the signal fires, at once if it has. Close the registration when the call
   * is over.
   */
  Registration onCancel(Runnable action);

  /** Undoes an {@link #onCancel}. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
