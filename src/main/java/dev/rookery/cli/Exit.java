package dev.rookery.cli;

import dev.rookery.kernel.Refusal;

/** Exit codes, the same for every command (docs/cli.md). */
final class Exit {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int AUTH = 4;

  /** A run waits for a person. */
  static final int WAITING = 5;

  static final int INTERRUPTED = 130;

  private Exit() {}

  static int of(Refusal.Kind kind) {
    return switch (kind) {
      case BAD_INPUT, TOO_LARGE -> USAGE;
      case UNAUTHENTICATED, FORBIDDEN -> AUTH;
      case NOT_FOUND, GONE -> NOT_FOUND;
      case CONFLICT, TOO_MANY, UNAVAILABLE -> FAILED;
    };
  }

  static int ofStatus(int status) {
    for (Refusal.Kind kind : Refusal.Kind.values()) {
      if (kind.status() == status) {
        return of(kind);
      }
    }
    return FAILED;
  }
}
