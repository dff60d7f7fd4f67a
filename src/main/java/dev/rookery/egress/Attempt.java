package dev.rookery.egress;

import org.jspecify.annotations.Nullable;

/** What is known, from outside, of an exchange that runs: whether anything was sent yet. */
final class Attempt {
  private @Nullable Runnable stop;
  private boolean aborted;
  private boolean sent;
  private boolean ended;

  /**
   * Says that the first byte is about to leave.
   *
   * @return false when the exchange was given up already; then nothing may be sent
   */
  synchronized boolean sending() {
    sent = sent || !ended;
    return !ended;
  }

  synchronized boolean sent() {
    return sent;
  }

  /** Gives up: what was not sent until now never is. */
  synchronized <T> Ending<T> end(String why) {
    ended = true;
    return sent ? new Ending.Broken<>(why) : new Ending.NotSent<>(why);
  }

  /** Names what ends the current hop; at once when the exchange was given up. */
  void stopsBy(Runnable action) {
    synchronized (this) {
      stop = action;
      if (!aborted) {
        return;
      }
    }
    action.run();
  }

  void abort() {
    Runnable action;
    synchronized (this) {
      aborted = true;
      action = stop;
    }
    if (action != null) {
      action.run();
    }
  }
}
