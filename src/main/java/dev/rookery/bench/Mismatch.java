package dev.rookery.bench;

/** What was done and what is stored differ: the bench failed, whatever its speed. */
final class Mismatch extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  Mismatch(String message) {
    super(message);
  }

  static void unlessEqual(String what, long wanted, long found) {
    if (wanted != found) {
      throw new Mismatch("Expected " + wanted + " " + what + ", found " + found + ".");
    }
  }
}
