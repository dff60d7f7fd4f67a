package dev.rookery.cli;

import org.jspecify.annotations.Nullable;

/** A command that ends without its result: what happened, what to do next, and the exit code. */
final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;
  private final boolean mayPass;

  private CliFailure(int exitCode, String message, @Nullable Throwable cause, boolean mayPass) {
    super(message, cause);
    this.exitCode = exitCode;
    this.mayPass = mayPass;
  }

  CliFailure(int exitCode, String message) {
    this(exitCode, message, null, false);
  }

  static CliFailure usage(String message) {
    return new CliFailure(Exit.USAGE, message);
  }

  /** It failed; the cause is shown with {@code --verbose}. */
  static CliFailure because(String message, Throwable cause) {
    return new CliFailure(Exit.FAILED, message, cause, false);
  }

  /** The server did not answer, or said that it cannot now: the same request may succeed later. */
  static CliFailure unreachable(String message, @Nullable Throwable cause) {
    return new CliFailure(Exit.FAILED, message, cause, true);
  }

  int exitCode() {
    return exitCode;
  }

  boolean mayPass() {
    return mayPass;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
