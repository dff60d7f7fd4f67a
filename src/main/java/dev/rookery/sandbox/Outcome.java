package dev.rookery.sandbox;

/** How a command ended. */
public sealed interface Outcome {
  /** By itself; 128 and the number when a signal of its own ended it. */
  record Exit(int code) implements Outcome {}

  /** By Rookery; everything it started is dead. */
  record Killed(Why why, String detail) implements Outcome {}

  /** It may still run: it did not die when it was killed, or nobody can tell. */
  record LostContact(String detail) implements Outcome {}

  /** Reasons for ending a command. */
  enum Why {
    TIMEOUT(124),
    CANCELLED(130),
    /** A later lease of its run has started a command, or the run is over. */
    SUPERSEDED(130),
    MEMORY(137),
    OUTPUT(153),
    SHUTDOWN(143);

    private final int code;

    Why(int code) {
      this.code = code;
    }

    /** The exit code that is recorded for it. */
    public int code() {
      return code;
    }
  }
}
